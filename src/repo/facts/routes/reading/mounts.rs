//! Reads where a line puts a router below another: by a mount, or by handing it to a function.

use std::ops::Range;

use regex::Captures;

use super::{
    super::{Mount, Place, Target, handing, lines::Call, target},
    Block, MAX_FOUND, Reading, group,
};

impl Reading<'_> {
    /// Reads the mounts of a line; returns where they stand.
    pub(super) fn mounts(&mut self, call: &Call<'_>, block: Option<&Block>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for pattern in self.table.mounts.clone() {
            for groups in call.all(pattern) {
                let range = groups.get(0).expect("a match has a whole").range();
                self.mount(&groups, call, range.end, self.place(group(&groups, "on"), call, range.start, block));
                found.push(range);
            }
        }
        for pattern in self.table.handed.clone() {
            for groups in call.all(pattern) {
                self.handed(&groups, call, block);
            }
        }
        self.routing.mounts.truncate(MAX_FOUND);
        found
    }

    /// Reads a mount whose arguments stand behind `end`.
    fn mount(&mut self, groups: &Captures<'_>, call: &Call<'_>, end: usize, place: Option<Place>) {
        let arguments = target::arguments(&call.text[end..]);
        let said = match groups.name("path") {
            Some(path) => Some(path.as_str().to_owned()),
            None => target::prefix(&arguments),
        };
        let targets: Vec<Target> = match groups.name("module") {
            Some(module) => vec![Target { module: Some(module.as_str().to_owned()), names: Vec::new() }],
            None => arguments.iter().filter_map(|argument| self.target(argument)).collect(),
        };
        // https://flask.palletsprojects.com/en/stable/api/#flask.Flask.register_blueprint
        let is_flask = groups[0].contains("register_blueprint");
        let replaces = is_flask && said.as_ref().is_none_or(|said| !said.is_empty());
        let prefix = said.filter(|_| place.is_some());
        let place = place.unwrap_or_default();
        let mounts = targets.into_iter();
        self.routing.mounts.extend(mounts.map(|target| Mount {
            place: place.clone(),
            prefix: prefix.clone(),
            replaces,
            target,
        }));
    }

    /// What an argument names.
    fn target(&self, argument: &str) -> Option<Target> {
        match self.language {
            "go" => self.values.argument(argument, &self.imports),
            language => Target::of(argument, language, &self.imports),
        }
    }

    /// Reads a call as a mount, where one of its arguments is a router.
    fn handed(&mut self, groups: &Captures<'_>, call: &Call<'_>, block: Option<&Block>) {
        let all = groups.get(0).expect("a match has a whole");
        let arguments = target::arguments(&call.text[all.end()..]);
        let mut routers = arguments.iter().filter_map(|argument| handing::router(argument));
        let Some((on, prefix)) = routers.find(|(on, _)| self.router(on).is_some()) else { return };
        let target = self.values.callee(group(groups, "to"), &self.imports);
        let place = self.place(on, call, all.start(), block);
        let prefix = prefix.filter(|_| place.is_some()).map(str::to_owned);
        let mount = Mount { place: place.unwrap_or_default(), prefix, replaces: false, target };
        self.routing.mounts.push(mount);
    }
}
