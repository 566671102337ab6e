//! A line between a runner and its instruments on which things go wrong.

use api::Clock as _;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Relays to each instrument of a laboratory, through one and the same bad luck.
pub(crate) struct Between {
    /// Where the runner finds each instrument.
    pub(crate) addresses: BTreeMap<String, SocketAddr>,
    luck: Arc<Luck>,
    ends: Arc<AtomicBool>,
}

#[derive(Default)]
struct Luck {
    /// Messages of both directions, of all instruments.
    messages: AtomicU64,
    /// The message that the connection breaks at, from 1.
    cut_at: AtomicU64,
    happened: AtomicBool,
    answers: Mutex<Answers>,
}

/// What becomes of the answers of one instrument.
#[derive(Default, Clone)]
pub(crate) enum Answers {
    #[default]
    AsTheyAre,
    /// Their digits become others.
    Garbled(String),
    /// They take this much longer.
    Late(String, Duration),
}

impl Between {
    /// Begins to relay.
    pub(crate) fn new(instruments: &[(String, String, String)]) -> Self {
        let (luck, ends) = (Arc::new(Luck::default()), Arc::new(AtomicBool::new(false)));
        let mut addresses = BTreeMap::new();
        for (id, _, to) in instruments {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            addresses.insert(id.clone(), listener.local_addr().unwrap());
            let (id, to) = (id.clone(), to.clone());
            let (luck, ends) = (luck.clone(), ends.clone());
            std::thread::spawn(move || {
                for client in listener.incoming().map_while(Result::ok) {
                    if ends.load(Ordering::SeqCst) {
                        return;
                    }
                    // An instrument that was taken away refuses its clients.
                    let Ok(instrument) = TcpStream::connect(&to) else {
                        continue;
                    };
                    relay(&id, &client, &instrument, &luck);
                }
            });
        }
        Self {
            addresses,
            luck,
            ends,
        }
    }

    /// From now on counted anew; the connection of message `number` (from 1) breaks, once, and the
    /// message with it. None does for 0.
    pub(crate) fn cut_at(&self, number: u64) {
        self.luck.messages.store(0, Ordering::SeqCst);
        self.luck.happened.store(false, Ordering::SeqCst);
        self.luck.cut_at.store(number, Ordering::SeqCst);
    }

    /// Whether it broke.
    pub(crate) fn has_cut(&self) -> bool {
        self.luck.happened.load(Ordering::SeqCst)
    }

    /// What becomes of answers from now on.
    pub(crate) fn answers(&self, answers: Answers) {
        *self.luck.answers() = answers;
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        for address in self.addresses.values() {
            let _wakes_who_listens = TcpStream::connect(address);
        }
    }
}

impl Luck {
    fn answers(&self) -> std::sync::MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the connection breaks with one of these bytes.
    fn cuts(&self, bytes: &[u8]) -> bool {
        let ends = bytes.iter().filter(|byte| **byte == b'\n');
        let number = self.cut_at.load(Ordering::SeqCst);
        ends.fold(false, |cuts, _| {
            cuts | (self.messages.fetch_add(1, Ordering::SeqCst) + 1 == number)
        })
    }
}

fn relay(id: &str, client: &TcpStream, instrument: &TcpStream, luck: &Arc<Luck>) {
    for (from, to, answers) in [(client, instrument, false), (instrument, client, true)] {
        from.set_nodelay(true).unwrap();
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        let (id, luck) = (id.to_owned(), luck.clone());
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 14];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let bytes = &mut buffer[..count];
                if luck.cuts(bytes) {
                    luck.happened.store(true, Ordering::SeqCst);
                    break;
                }
                if answers {
                    spoil(&id, bytes, &luck);
                }
                if to.write_all(bytes).is_err() {
                    break;
                }
            }
            // Whoever is left on the other side learns of it.
            for end in [&from, &to] {
                let _gone_already = end.shutdown(Shutdown::Both);
            }
        });
    }
}

fn spoil(id: &str, bytes: &mut [u8], luck: &Luck) {
    let answers = luck.answers().clone();
    match answers {
        Answers::Garbled(of) if of == id => {
            for byte in bytes.iter_mut().filter(|byte| byte.is_ascii_digit()) {
                *byte = b'?';
            }
        }
        Answers::Late(of, by) if of == id => {
            rig::run::WallClock::start().sleep_through(by);
        }
        Answers::AsTheyAre | Answers::Garbled(_) | Answers::Late(..) => {}
    }
}
