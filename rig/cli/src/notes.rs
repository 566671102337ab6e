//! What one step leaves for the next.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;

/// One value of each type: an outcome that a `When` found and a `Then` judges.
#[derive(Default)]
pub(crate) struct Notes(HashMap<TypeId, (&'static str, Box<dyn Any + Send>)>);

impl Notes {
    pub(crate) fn keep<T: Any + Send>(&mut self, value: T) {
        self.0
            .insert(TypeId::of::<T>(), (type_name::<T>(), Box::new(value)));
    }

    pub(crate) fn get<T: Any>(&self) -> Option<&T> {
        let (_, value) = self.0.get(&TypeId::of::<T>())?;
        value.downcast_ref()
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<&str> = self.0.values().map(|(name, _)| *name).collect();
        names.sort_unstable();
        f.debug_set().entries(names).finish()
    }
}
