/* An input plugin for mupen64plus: asks a server on this machine what is held down, and waits for its answer.
 *
 * The questions and answers are those of mupen64plus-input-bot: "GET /0 HTTP/1.0", a JSON object of numbers comes back.
 * While the answer is not there the emulated machine stands still, so that a slow policy misses nothing. Where the server
 * is gone, nobody plays any more, and the emulator ends. Compiled by copycar when it is first needed; needs m64p_plugin.h of
 * libmupen64plus-dev. The port of the server is in the environment variable COPYCAR_PAD_PORT.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define M64P_PLUGIN_PROTOTYPES 1
#include "m64p_plugin.h"

static int number(const char *answer, const char *name) {
    char quoted[32];
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *found = strstr(answer, quoted);
    const char *colon = found ? strchr(found, ':') : NULL;
    return colon ? (int)strtol(colon + 1, NULL, 10) : 0;
}

/* Puts the whole answer of the server into `answer` and returns its body, or NULL where it broke off. */
static const char *ask(int controller, char *answer, size_t size) {
    const char *port = getenv("COPYCAR_PAD_PORT");
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port ? port : "8082"))};
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&there, sizeof there)) exit(0); /* nobody plays any more */
    char question[64];
    int length = snprintf(question, sizeof question, "GET /%d HTTP/1.0\r\n\r\n", controller);
    size_t had = 0;
    ssize_t got = write(server, question, (size_t)length);
    while (got > 0 && had + 1 < size && (got = read(server, answer + had, size - 1 - had)) > 0) had += (size_t)got;
    close(server);
    answer[had] = 0;
    const char *body = strstr(answer, "\r\n\r\n");
    return body ? body + 4 : NULL;
}

EXPORT m64p_error CALL PluginStartup(m64p_dynlib_handle core, void *context, void (*debug)(void *, int, const char *)) {
    (void)core, (void)context, (void)debug;
    return M64ERR_SUCCESS;
}

EXPORT m64p_error CALL PluginShutdown(void) { return M64ERR_SUCCESS; }

EXPORT m64p_error CALL PluginGetVersion(m64p_plugin_type *type, int *version, int *api, const char **name, int *can) {
    if (type) *type = M64PLUGIN_INPUT;
    if (version) *version = 0x010000;
    if (api) *api = 0x020100; /* the least that Debian's core takes */
    if (name) *name = "copycar's pad";
    if (can) *can = 0;
    return M64ERR_SUCCESS;
}

EXPORT void CALL InitiateControllers(CONTROL_INFO info) {
    for (int controller = 0; controller < 4; controller++) info.Controls[controller].Present = controller == 0;
    info.Controls[0].RawData = 0;
    info.Controls[0].Plugin = PLUGIN_NONE;
}

EXPORT void CALL GetKeys(int controller, BUTTONS *keys) {
    static char answer[4096];
    keys->Value = 0;
    const char *body = ask(controller, answer, sizeof answer);
    if (!body) exit(0);
    keys->X_AXIS = number(body, "X_AXIS");
    keys->Y_AXIS = number(body, "Y_AXIS");
    keys->A_BUTTON = number(body, "A_BUTTON");
    keys->B_BUTTON = number(body, "B_BUTTON");
    keys->START_BUTTON = number(body, "START_BUTTON");
    keys->Z_TRIG = number(body, "Z_TRIG");
    keys->L_TRIG = number(body, "L_TRIG");
    keys->R_TRIG = number(body, "R_TRIG");
    keys->U_CBUTTON = number(body, "U_CBUTTON");
    keys->D_CBUTTON = number(body, "D_CBUTTON");
    keys->L_CBUTTON = number(body, "L_CBUTTON");
    keys->R_CBUTTON = number(body, "R_CBUTTON");
    keys->U_DPAD = number(body, "U_DPAD");
    keys->D_DPAD = number(body, "D_DPAD");
    keys->L_DPAD = number(body, "L_DPAD");
    keys->R_DPAD = number(body, "R_DPAD");
}

EXPORT int CALL RomOpen(void) { return 1; }
EXPORT void CALL RomClosed(void) {}
EXPORT void CALL ControllerCommand(int controller, unsigned char *command) { (void)controller, (void)command; }
EXPORT void CALL ReadController(int controller, unsigned char *command) { (void)controller, (void)command; }
EXPORT void CALL SDL_KeyDown(int modifier, int key) { (void)modifier, (void)key; }
EXPORT void CALL SDL_KeyUp(int modifier, int key) { (void)modifier, (void)key; }
