//! Which part of a system a path belongs to, by what its folders and name say.
//!
//! In: a path and its class. Out: a [`Layer`]. A heuristic: imports, where known, order steps before layers do.

use crate::model::{context::FileClass, plan::ComponentKind};

/// Parts of a system in the order in which a change is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    Migration,
    Data,
    Logic,
    Interface,
    View,
    Settings,
    Test,
    Document,
}

/// Words of paths, by layer.
const WORDS: &[(Layer, &[&str])] = &[
    (
        Layer::View,
        &["views", "view", "pages", "screens", "ui", "frontend", "web", "templates", "widgets", "styles", "css"],
    ),
    (
        Layer::Interface,
        &[
            "api",
            "apis",
            "routes",
            "route",
            "router",
            "routers",
            "handlers",
            "handler",
            "controllers",
            "controller",
            "endpoints",
            "endpoint",
            "rest",
            "graphql",
            "grpc",
            "cli",
            "cmd",
            "commands",
            "hooks",
            "webhooks",
            "rpc",
        ],
    ),
    (
        Layer::Data,
        &[
            "models",
            "model",
            "entities",
            "entity",
            "schema",
            "schemas",
            "db",
            "database",
            "store",
            "storage",
            "dao",
            "repositories",
            "repository",
            "persistence",
            "types",
        ],
    ),
];

/// Words for parts of a screen, in files of what draws screens; elsewhere they mean parts of anything.
const PARTS: &[&str] = &["component", "components"];
/// Endings of files that draw screens.
const SCREENS: &[&str] = &[
    "astro", "cshtml", "css", "dart", "html", "js", "jsx", "less", "mjs", "razor", "scss", "svelte", "swift", "ts",
    "tsx", "vue",
];

impl Layer {
    /// The layer of a path.
    pub fn of(path: &str, class: FileClass) -> Self {
        match class {
            FileClass::Migration => Self::Migration,
            FileClass::Test => Self::Test,
            FileClass::Doc => Self::Document,
            FileClass::Config => Self::Settings,
            _ => Self::by_words(path),
        }
    }

    /// The layer that the path's words name, the nearest to the file's name first.
    fn by_words(path: &str) -> Self {
        let lower = path.to_lowercase();
        let words: Vec<&str> = lower.split(['/', '.', '_', '-']).collect();
        let is_screen = |w: &str| PARTS.contains(&w) && words.last().is_some_and(|end| SCREENS.contains(end));
        let known = |w: &str| WORDS.iter().find(|(_, known)| known.contains(&w)).map(|(layer, _)| *layer);
        let named = words.iter().rev().find_map(|w| if is_screen(w) { Some(Self::View) } else { known(w) });
        named.unwrap_or(Self::Logic)
    }

    /// What a component of this layer is.
    pub fn component(self) -> ComponentKind {
        match self {
            Self::Migration | Self::Data => ComponentKind::Data,
            Self::Logic => ComponentKind::Service,
            Self::Interface => ComponentKind::Interface,
            Self::View => ComponentKind::View,
            Self::Settings | Self::Test | Self::Document => ComponentKind::Support,
        }
    }

    /// The title of a phase that works on this layer.
    pub fn phase(self) -> &'static str {
        match self {
            Self::Migration | Self::Data => "Data",
            Self::Logic => "Logic",
            Self::Interface => "Interface",
            Self::View => "Screens",
            Self::Settings => "Settings and build",
            Self::Test => "Tests",
            Self::Document => "Documents",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_nearest_the_name_decides() {
        let check = |path: &str, expected: Layer| assert_eq!(Layer::of(path, FileClass::Source), expected, "{path}");
        check("src/models/cart.rs", Layer::Data);
        check("web/src/components/CartView.tsx", Layer::View);
        check("Build/Components/Logging/LoggingService.cs", Layer::Logic);
        check("shop/api/models.py", Layer::Data);
        check("src/pricing/discount.rs", Layer::Logic);
        check("src/domain/bundle.ts", Layer::Logic);
        check("app/controllers/cart_controller.rb", Layer::Interface);
    }
}
