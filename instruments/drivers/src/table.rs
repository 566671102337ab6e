//! The table of drivers.

use crate::load::{self, Load};
use crate::registry::{DriverInfo, LinkKind, OpenError, Role};
use crate::supply::{self, Supply};
use crate::{
    Options, ea_psb10000, espec_p300, keysight_34461a, keysight_34980a, meatest_m632, rs_ngm202,
    watlow_f4t,
};
use LinkKind::{Serial, Tcp, Usbtmc};
use api::Driver;
use wire::Link;

fn scanner(
    id: &str,
    link: Box<dyn Link>,
    options: &Options,
    frame: &'static keysight_34980a::Frame,
) -> Result<Box<dyn Driver>, OpenError> {
    keysight_34980a::Keysight34980a::new(id, link, options, frame)
        .map(|driver| Box::new(driver) as Box<dyn Driver>)
}

pub(crate) static REGISTRY: [DriverInfo; 30] = [
    DriverInfo {
        name: "rs-ngm202",
        models: &["NGM202"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers of the NGL/NGM/NGP family; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(rs_ngm202::RsNgm202::new(id, link, options))),
    },
    DriverInfo {
        name: "rs-hmp4040",
        models: &["HMP4040"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers of the HMP family; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::RS_HMP,
                &supply::HMP4040,
            )))
        },
    },
    DriverInfo {
        name: "rs-hmp4030",
        models: &["HMP4030"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers of the HMP family; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::RS_HMP,
                &supply::HMP4030,
            )))
        },
    },
    DriverInfo {
        name: "ea-psb10000",
        models: &["PSB 10060-120", "PSB 10060-170", "PSB 10060-1000"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers of the PSB 10000 and the programming guide they cite; ratings from the model's name",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(ea_psb10000::EaPsb10000::new(id, link, options))),
    },
    DriverInfo {
        name: "keysight-e36312a",
        models: &["E36312A"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, one of which was tested on an E36312A; the watchdog's from memory; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::KEYSIGHT_E36300,
                &supply::E36312A,
            )))
        },
    },
    DriverInfo {
        name: "keysight-e36313a",
        models: &["E36313A"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, one of which was tested on an E36312A; the watchdog's from memory; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::KEYSIGHT_E36300,
                &supply::E36313A,
            )))
        },
    },
    DriverInfo {
        name: "keysight-e36103a",
        models: &["E36103A"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, one of which was tested on an E36312A; the watchdog's from memory; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::KEYSIGHT_E36300,
                &supply::E36103A,
            )))
        },
    },
    DriverInfo {
        name: "rigol-dp832",
        models: &["DP832", "DP832A"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, one of which cites the programming guide; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::RIGOL_DP800,
                &supply::DP832,
            )))
        },
    },
    DriverInfo {
        name: "rigol-dp831",
        models: &["DP831"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, one of which cites the programming guide; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::RIGOL_DP800,
                &supply::DP831,
            )))
        },
    },
    DriverInfo {
        name: "rigol-dp811",
        models: &["DP811"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, one of which cites the programming guide; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::RIGOL_DP800,
                &supply::DP811,
            )))
        },
    },
    DriverInfo {
        name: "siglent-spd1168x",
        models: &["SPD1168X"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, protections from memory; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::SIGLENT_SPD1000X,
                &supply::SPD1168X,
            )))
        },
    },
    DriverInfo {
        name: "siglent-spd1305x",
        models: &["SPD1305X"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers, protections from memory; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::SIGLENT_SPD1000X,
                &supply::SPD1305X,
            )))
        },
    },
    DriverInfo {
        name: "siglent-spd3303x",
        models: &["SPD3303X", "SPD3303X-E"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::SIGLENT_SPD3303X,
                &supply::SPD3303X,
            )))
        },
    },
    DriverInfo {
        name: "itech-it6512c",
        models: &["IT6512C"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from a public driver; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::ITECH_IT6500C,
                &supply::IT6512C,
            )))
        },
    },
    DriverInfo {
        name: "itech-it6522c",
        models: &["IT6522C"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from a public driver; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::ITECH_IT6500C,
                &supply::IT6522C,
            )))
        },
    },
    DriverInfo {
        name: "tdk-genesys",
        models: &["GEN60-25"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers; the watchdog's from memory; ratings from the model's name",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::GENESYS,
                &supply::GEN60_25,
            )))
        },
    },
    DriverInfo {
        name: "keysight-n5700",
        models: &["N5747A"],
        roles: &[Role::Supply],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers; the watchdog's from memory; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Supply::new(
                id,
                link,
                options,
                &supply::GENESYS,
                &supply::N5700,
            )))
        },
    },
    DriverInfo {
        name: "bk-8514b",
        models: &["8514B"],
        roles: &[Role::Load],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from a public driver that was tested on an 8514B; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Load::new(
                id,
                link,
                options,
                &load::ITECH_IT8500,
                &load::BK_8514B,
            )))
        },
    },
    DriverInfo {
        name: "itech-it8512",
        models: &["IT8512A+"],
        roles: &[Role::Load],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from a public driver of the same instrument under another name; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Load::new(
                id,
                link,
                options,
                &load::ITECH_IT8500,
                &load::IT8512,
            )))
        },
    },
    DriverInfo {
        name: "rigol-dl3021",
        models: &["DL3021", "DL3021A"],
        roles: &[Role::Load],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from a public driver that was tested on a DL3021 and a DL3031A; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Load::new(
                id,
                link,
                options,
                &load::RIGOL_DL3000,
                &load::DL3021,
            )))
        },
    },
    DriverInfo {
        name: "rigol-dl3031",
        models: &["DL3031", "DL3031A"],
        roles: &[Role::Load],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from a public driver that was tested on a DL3021 and a DL3031A; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Load::new(
                id,
                link,
                options,
                &load::RIGOL_DL3000,
                &load::DL3031,
            )))
        },
    },
    DriverInfo {
        name: "siglent-sdl1020x",
        models: &["SDL1020X", "SDL1020X-E"],
        roles: &[Role::Load],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Load::new(
                id,
                link,
                options,
                &load::SIGLENT_SDL1000X,
                &load::SDL1020X,
            )))
        },
    },
    DriverInfo {
        name: "siglent-sdl1030x",
        models: &["SDL1030X", "SDL1030X-E"],
        roles: &[Role::Load],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(Load::new(
                id,
                link,
                options,
                &load::SIGLENT_SDL1000X,
                &load::SDL1030X,
            )))
        },
    },
    DriverInfo {
        name: "keysight-34980a",
        models: &["34980A"],
        roles: &[Role::Meter, Role::Switch, Role::Digital],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from the 34980A manual as public drivers cite it; ratings from the cards' data sheets",
        terminator: "\n",
        open: |id, link, options| scanner(id, link, options, &keysight_34980a::FRAME_34980A),
    },
    DriverInfo {
        name: "keysight-daq970a",
        models: &["DAQ970A"],
        roles: &[Role::Meter, Role::Switch, Role::Digital],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands as of the 34980A and public programs; ratings from the cards' data sheets",
        terminator: "\n",
        open: |id, link, options| scanner(id, link, options, &keysight_34980a::FRAME_DAQ970A),
    },
    DriverInfo {
        name: "keysight-34970a",
        models: &["34970A"],
        roles: &[Role::Meter, Role::Switch, Role::Digital],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands as of the 34980A and public programs; ratings from the cards' data sheets",
        terminator: "\n",
        open: |id, link, options| scanner(id, link, options, &keysight_34980a::FRAME_34970A),
    },
    DriverInfo {
        name: "keysight-34461a",
        models: &["34460A", "34461A", "34465A", "34470A"],
        roles: &[Role::Meter],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from public drivers; ratings from the data sheet",
        terminator: "\n",
        open: |id, link, options| {
            Ok(Box::new(keysight_34461a::Keysight34461a::new(
                id, link, options,
            )))
        },
    },
    DriverInfo {
        name: "meatest-m632",
        models: &["M632"],
        roles: &[Role::Resistor],
        links: &[Tcp, Serial, Usbtmc],
        met_hardware: false,
        source: "commands from memory of the manual; range from the data sheet",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(meatest_m632::MeatestM632::new(id, link, options))),
    },
    DriverInfo {
        name: "espec-p300",
        models: &["P300"],
        roles: &[Role::Chamber],
        links: &[Tcp, Serial],
        met_hardware: false,
        source: "commands from the public ChamberConnectLibrary; range and ramp of a small chamber",
        terminator: "\r\n",
        open: |id, link, options| Ok(Box::new(espec_p300::EspecP300::new(id, link, options))),
    },
    DriverInfo {
        name: "watlow-f4t",
        models: &["F4T"],
        roles: &[Role::Chamber],
        links: &[Tcp],
        met_hardware: false,
        source: "commands from public programs; range and ramp of a small chamber",
        terminator: "\n",
        open: |id, link, options| Ok(Box::new(watlow_f4t::WatlowF4t::new(id, link, options))),
    },
];
