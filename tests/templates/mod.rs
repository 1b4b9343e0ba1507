//! Tests of `templates`.

use planwright::templates::Packs;

#[test]
fn the_built_in_packs_hold_on_a_full_and_on_an_empty_plan() {
    assert_eq!(Packs::load(&[]).map(|p| p.names().len()).map_err(|p| format!("{p:#?}")), Ok(1));
}
