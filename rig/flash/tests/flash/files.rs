//! Small images and the files they come in, put together by hand.

/// Where the counter of [`counting`] is.
pub(crate) const COUNTER: u32 = 0x2000_0100;
/// Where flash begins.
pub(crate) const FLASH: u32 = 0x0800_0000;

/// Counts at [`COUNTER`] by `step`, for ever; padded with noise to `length` bytes.
pub(crate) fn counting(step: u8, length: usize) -> Vec<u8> {
    let words: [u32; 9] = [
        0x2000_2000, // stack
        0x0800_0011, // start
        0x0800_001B, // faults
        0x0800_001B,
        // ldr r0, =COUNTER; movs r1, #0; adds r1, #step; str r1, [r0]; b to adds; b to itself
        0x2100_4803,
        0x6001_3100 | u32::from(step),
        0xE7FE_E7FC,
        0,
        COUNTER,
    ];
    let mut image: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut noise = u32::from(step) + 1;
    while image.len() < length {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image.push((noise >> 24) as u8);
    }
    image
}

/// An ELF file.
pub(crate) struct Elf {
    /// `e_machine`; 40 is Arm.
    pub(crate) machine: u16,
    /// `Tag_CPU_arch`; 11 is ARMv6-M, 13 ARMv7E-M.
    pub(crate) architecture: u8,
    /// What goes where.
    pub(crate) segments: Vec<(u32, Vec<u8>)>,
    /// Where the buffers for RTT are.
    pub(crate) rtt: Option<u32>,
}

impl Elf {
    pub(crate) fn new(segments: Vec<(u32, Vec<u8>)>) -> Self {
        Self {
            machine: 40,
            architecture: 11,
            segments,
            rtt: None,
        }
    }

    /// The file: header, program headers, segments, four sections, section headers.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut data: Vec<u8> = Vec::new();
        let begin = 52 + 32 * self.segments.len();
        let mut programs: Vec<u8> = Vec::new();
        for (address, bytes) in &self.segments {
            let (offset, size) = ((begin + data.len()) as u32, bytes.len() as u32);
            for word in [1, offset, *address, *address, size, size, 5, 4] {
                programs.extend(u32::to_le_bytes(word));
            }
            data.extend(bytes);
        }
        let mut attributes = b"A\x13\0\0\0aeabi\0\x01\x09\0\0\0\x06".to_vec();
        attributes.extend([self.architecture, 9, 1]);
        let mut symbols = vec![0; 16];
        if let Some(address) = self.rtt {
            for word in [1, address, 48] {
                symbols.extend(u32::to_le_bytes(word));
            }
            symbols.extend([0x11, 0, 1, 0]);
        }
        let strings = b"\0_SEGGER_RTT\0".to_vec();
        let names = b"\0.attributes\0.symtab\0.strtab\0.shstrtab\0".to_vec();
        // name, kind, contents, link, size of an entry
        let sections: [(u32, u32, &[u8], u32, u32); 4] = [
            (1, 0x7000_0003, &attributes, 0, 0),
            (13, 2, &symbols, 3, 16),
            (21, 3, &strings, 0, 0),
            (29, 3, &names, 0, 0),
        ];
        let mut headers = vec![0; 40];
        for (name, kind, contents, link, entry) in sections {
            let offset = (begin + data.len()) as u32;
            let size = contents.len() as u32;
            for word in [name, kind, 0, 0, offset, size, link, 1, 1, entry] {
                headers.extend(u32::to_le_bytes(word));
            }
            data.extend(contents);
        }
        let mut file = b"\x7FELF\x01\x01\x01\0\0\0\0\0\0\0\0\0\x02\0".to_vec();
        file.extend(self.machine.to_le_bytes());
        for word in [1, 0, 52, (begin + data.len()) as u32, 0x0500_0200] {
            file.extend(u32::to_le_bytes(word));
        }
        for half in [52, 32, self.segments.len() as u16, 40, 5, 4] {
            file.extend(u16::to_le_bytes(half));
        }
        file.extend(programs);
        file.extend(data);
        file.extend(headers);
        file
    }
}

/// An Intel HEX file.
pub(crate) fn hex(address: u32, bytes: &[u8]) -> String {
    let record = |kind: u8, offset: u16, data: &[u8]| {
        let mut all = vec![data.len() as u8];
        all.extend(offset.to_be_bytes());
        all.push(kind);
        all.extend(data);
        let sum = all.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        all.push(sum.wrapping_neg());
        let text: String = all.iter().map(|byte| format!("{byte:02X}")).collect();
        format!(":{text}\n")
    };
    let mut text = record(4, 0, &((address >> 16) as u16).to_be_bytes());
    for (number, line) in bytes.chunks(16).enumerate() {
        text += &record(0, (address as u16) + 16 * number as u16, line);
    }
    text + &record(1, 0, &[])
}

/// CRC-32 as in Ethernet.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 0 { 0 } else { 0xEDB8_8320 }
        })
    })
}
