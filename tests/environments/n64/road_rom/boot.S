# The first 4 KB of the cartridge: the header, and boot code of our own that an emulator copies to 0xA4000040 and runs.
# It copies the program from the cartridge into memory and jumps there. A real console refuses it: its security chip
# wants the makers' own boot code, of which there is none here.

    .set noreorder
    .set noat
    .section .header, "a"
    .word 0x80371240            # a cartridge in its native byte order
    .word 0x0000000F            # clock rate: the default
    .word 0x80000400            # where the program is to go
    .word 0x00001444
    .word 0, 0                  # checksum: emulators that do not know the boot code do not look at it
    .word 0, 0
    .ascii "COPYCAR ROAD        "
    .word 0
    .byte 0, 0, 0, 'N'
    .ascii "CR"
    .byte 'E', 0                # sold in North America: NTSC, 60 fields a second

    .section .boot, "ax"
boot:
    mtc0  $zero, $12            # no interrupts
    nop
    lui   $8, 0xB000
    ori   $8, $8, 0x1000        # the program on the cartridge
    lui   $9, 0xA000
    ori   $9, $9, 0x0400        # its place in memory, past the cache
    li    $10, PROGRAM_BYTES
    addu  $10, $10, $9
1:  lw    $11, 0($8)
    sw    $11, 0($9)
    addiu $8, $8, 4
    addiu $9, $9, 4
    bne   $9, $10, 1b
    nop
    lui   $29, 0x801F           # the stack
    ori   $29, $29, 0xFFF0
    lui   $8, 0x8000
    ori   $8, $8, 0x0400
    jr    $8
    nop
