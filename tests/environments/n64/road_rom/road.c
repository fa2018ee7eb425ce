/* A road to drive on, for tests: drawn by the processor into the frame buffer, steered by the analog stick.
 *
 * Stick left and right steers, A accelerates, B brakes. Bends push the car outwards, grass slows it down. Z puts the car on
 * the middle of the road, standing, START on the start line. A strip of black and white cells along the top tells the state, for tests to read off the
 * picture: see `road_game.py`. Nothing here is of any game or of Nintendo; register numbers are those of the public
 * descriptions of the machine (n64brew.dev wiki: Video Interface, Serial Interface, Joybus).
 */

typedef unsigned int u32;
typedef unsigned short u16;
typedef signed char s8;
typedef unsigned char u8;

#define REGISTER(address) (*(volatile u32 *)(address))
#define VI(number) REGISTER(0xA4400000 + 4 * (number))
#define VI_ORIGIN VI(1)
#define VI_CURRENT VI(4)
#define SI_ADDRESS REGISTER(0xA4800000)
#define SI_READ REGISTER(0xA4800004)
#define SI_WRITE REGISTER(0xA4800010)
#define SI_STATUS REGISTER(0xA4800018)
#define PIF_RAM 0x1FC007C0

enum { WIDTH = 320, HEIGHT = 240, HORIZON = 100, STRIP = 8 };
enum { A_BUTTON = 0x8000, B_BUTTON = 0x4000, Z_TRIG = 0x2000, START_BUTTON = 0x1000 };

/* Fixed point: 1.0 is 4096. The road's half width is 1.0. */
#define ONE 4096
#define LAP (2400 * ONE) /* length of the road */
#define TOP_SPEED (2 * ONE)
#define N_BENDS 16
static const int BENDS[N_BENDS] = {0, 9, 14, 0, -12, -18, 0, 0, 16, 0, -9, 12, 0, -16, -8, 0}; /* >0 to the right */

static int position, offset, speed, laps, stick, n_frames;

/* 5 bits each of red, green, blue, twice: two pixels. */
static u32 colour(u32 red, u32 green, u32 blue) {
    u32 pixel = (red >> 3) << 11 | (green >> 3) << 6 | (blue >> 3) << 1 | 1;
    return pixel << 16 | pixel;
}

static void start_video(void) {
    /* 320x240, 16 bits per pixel, NTSC. */
    static const u32 VALUES[14] = {0x3202, 0,         WIDTH,     0x200,     0,     0x03E52239, 0x20D,
                                   0xC15,  0x0C150C15, 0x006C02EC, 0x002501FF, 0x000E0204, 0x200, 0x400};
    for (int number = 0; number < 14; number++)
        if (number != 4) VI(number) = VALUES[number];
}

static volatile u32 *const PAD_BLOCK = (volatile u32 *)0xA0180000;

static void wait_for_serial(void) {
    while (SI_STATUS & 3) {}
}

/* Returns buttons << 16 | x << 8 | y of controller 0. */
static u32 read_pad(void) {
    for (int word = 0; word < 16; word++) PAD_BLOCK[word] = 0;
    PAD_BLOCK[0] = 0xFF010401; /* one byte to the controller, four back: "what is pressed?" */
    PAD_BLOCK[1] = 0xFFFFFFFF;
    PAD_BLOCK[2] = 0xFE000000;
    PAD_BLOCK[15] = 1;
    wait_for_serial();
    SI_ADDRESS = 0x00180000;
    SI_WRITE = PIF_RAM;
    wait_for_serial();
    SI_ADDRESS = 0x00180000;
    SI_READ = PIF_RAM;
    wait_for_serial();
    return PAD_BLOCK[1];
}

static int bend_at(int where) {
    int place = where / (LAP / N_BENDS);
    return BENDS[place % N_BENDS];
}

static int absolute(int value) { return value < 0 ? -value : value; }

static void drive(u32 pad) {
    stick = (s8)(pad >> 8);
    if (pad >> 16 & START_BUTTON) position = offset = speed = laps = 0;
    if (pad >> 16 & Z_TRIG) offset = speed = 0;
    speed += (pad >> 16 & A_BUTTON) ? 60 : -24;
    if (pad >> 16 & B_BUTTON) speed -= 160;
    int top = absolute(offset) > ONE + ONE / 8 ? TOP_SPEED / 4 : TOP_SPEED;
    if (speed > top) speed -= 120;
    if (speed > top && top == TOP_SPEED) speed = top;
    if (speed < 0) speed = 0;
    int pace = speed * 64 / TOP_SPEED; /* 0 ... 64 */
    offset += stick * pace / 16;
    offset -= bend_at(position) * pace * pace / 512;
    if (offset > 3 * ONE) offset = 3 * ONE;
    if (offset < -3 * ONE) offset = -3 * ONE;
    position += speed;
    if (position >= LAP) position -= LAP, laps++;
}

static void fill(u32 *line, int from, int to, u32 both) {
    if (from < 0) from = 0;
    if (to > WIDTH) to = WIDTH;
    for (int pair = (from + 1) / 2; pair < to / 2; pair++) line[pair] = both;
}

static void draw_road(u32 *screen) {
    u32 sky = colour(120, 170, 230), grass[2] = {colour(40, 130, 40), colour(56, 150, 48)};
    u32 road[2] = {colour(96, 96, 100), colour(104, 104, 108)}, edge[2] = {colour(230, 230, 230), colour(200, 40, 40)};
    u32 paint = colour(240, 220, 120);
    for (int y = STRIP; y < HORIZON; y++) fill(screen + y * WIDTH / 2, 0, WIDTH, sky);
    int lean = 0, shift = 0; /* the road's own bend, summed up from the car to the horizon */
    for (int y = HEIGHT - 1; y >= HORIZON; y--) {
        u32 *line = screen + y * WIDTH / 2;
        int below = y - HORIZON + 1;               /* 1 ... 140 */
        int depth = 140 * ONE / below;             /* 1.0 at the lower edge */
        int where = position + depth * 6;
        if (where >= LAP) where -= LAP;
        lean += bend_at(where);
        shift += lean;
        int half = below * 130 / 140;
        int middle = WIDTH / 2 - offset / 16 * half / (ONE / 16) + shift / 400;
        int band = where / (6 * ONE) & 1;
        fill(line, 0, WIDTH, grass[band]);
        fill(line, middle - half - half / 8 - 1, middle + half + half / 8 + 1, edge[band]);
        fill(line, middle - half, middle + half, road[band]);
        if (band) fill(line, middle - half / 24 - 1, middle + half / 24 + 1, paint);
    }
}

static void draw_car(u32 *screen) {
    u32 body = colour(210, 40, 40), tyre = colour(20, 20, 20), glass = colour(60, 60, 90);
    int lean = stick / 12;
    for (int y = 204; y < 232; y++) {
        u32 *line = screen + y * WIDTH / 2;
        int middle = WIDTH / 2 + (y < 216 ? lean : 0);
        if (y >= 216) fill(line, middle - 30, middle + 30, tyre);
        fill(line, middle - 22, middle + 22, y < 212 ? glass : body);
    }
}

/* Ten bytes as eighty cells of 4 x 8 pixels, the highest bit first: 0xA5, laps, position (2), offset (2, signed), speed,
 * stick (signed), pictures drawn, and the sum of those. */
static void draw_strip(u32 *screen) {
    u32 place = (u32)(position / (LAP / 65536)), dark = colour(0, 0, 0), light = colour(255, 255, 255);
    u8 told[10] = {0xA5, laps, place >> 8, place, offset >> 8, offset, speed * 255 / TOP_SPEED, stick, n_frames, 0};
    for (int byte = 0; byte < 9; byte++) told[9] += told[byte];
    for (int cell = 0; cell < 80; cell++) {
        u32 both = told[cell / 8] >> (7 - cell % 8) & 1 ? light : dark;
        for (int y = 0; y < STRIP; y++) fill(screen + y * WIDTH / 2, 4 * cell, 4 * cell + 4, both);
    }
}

/* Two fields of a sixtieth of a second: 30 pictures per second. */
static void wait_for_fields(int n_fields) {
    while (n_fields--) {
        while ((VI_CURRENT & 0x3FF) >= 0x200) {}
        while ((VI_CURRENT & 0x3FF) < 0x200) {}
    }
}

__attribute__((section(".text.main"))) void main(void) {
    start_video();
    position = offset = speed = laps = n_frames = 0;
    for (;;) {
        u32 buffer = 0x00100000 + (n_frames & 1) * 0x40000;
        u32 *screen = (u32 *)(0xA0000000 | buffer);
        drive(read_pad());
        draw_road(screen);
        draw_car(screen);
        draw_strip(screen);
        VI_ORIGIN = buffer;
        n_frames++;
        wait_for_fields(2);
    }
}
