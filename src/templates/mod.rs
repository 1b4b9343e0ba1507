//! Template packs: plan → document.
