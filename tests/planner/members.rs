//! New members of records that a ticket names beside others, and routes that are there already.

use planwright::model::{
    context::*,
    plan::{Action, Plan, Step},
};

use super::world::*;

fn field(name: &str, line: u32) -> Vec<Evidence> {
    vec![Evidence::Symbol { name: name.to_owned(), line }]
}

/// A shop whose carts are kept, answered and shown; a page works out a figure of the same name as a new one.
fn shop() -> Context {
    shop_and(|tree| tree)
}

/// The same shop with more files.
fn shop_and(more: impl Fn(MemoryTree) -> MemoryTree) -> Context {
    let tree = MemoryTree::default()
        .file(
            "migrations/0001_carts.sql",
            FileClass::Migration,
            "CREATE TABLE carts (\n  id bigint,\n  closed boolean\n);\n",
        )
        .file("migrations/0002_note.sql", FileClass::Migration, "ALTER TABLE carts ADD COLUMN close_note text;\n")
        .file("src/cart.py", FileClass::Source, "class Cart:\n    closed: bool\n    close_note: str\n")
        .file("src/answer.py", FileClass::Source, "FIELDS = [\"id\", \"closed\", \"close_note\"]\n")
        .file(
            "src/page.py",
            FileClass::Source,
            "def page(cart):\n    line_count = len(cart.lines)\n    return line_count\n",
        )
        .file("src/close.py", FileClass::Source, "def close(cart):\n    cart.closed = True\n    return cart\n");
    let mut context = context("acme/shop", more(tree));
    likely(&mut context, "src/close.py", 0.5, vec![words(&["closed", "cart"])], &["close"]);
    likely(&mut context, "src/cart.py", 0.3, field("close_note", 3), &["Cart"]);
    likely(&mut context, "src/answer.py", 0.2, vec![words(&["cart"])], &[]);
    likely(&mut context, "src/page.py", 0.2, vec![words(&["count"])], &["page"]);
    context.facts = [1, 2]
        .map(|n| {
            fact(
                FactKind::Migration,
                "m",
                "SQL",
                if n == 1 { "migrations/0001_carts.sql" } else { "migrations/0002_note.sql" },
                1,
            )
        })
        .into();
    context
}

fn steps(plan: &Plan) -> Vec<&Step> {
    plan.sections.phases.iter().flat_map(|phase| &phase.steps).collect()
}

fn said(plan: &Plan) -> Vec<&str> {
    steps(plan).iter().flat_map(|step| &step.how).map(|s| s.text.as_str()).collect()
}

#[test]
fn a_new_member_goes_where_its_siblings_are_and_into_a_migration() {
    let body = "`GET /carts/{id}` tells `closed` and `close_note`, but not when.\n\nAdd `closed_at` to the cart. Opening it clears \
                it.\n";
    let plan = plan(&ticket("Tell when a cart was closed", body), &[shop()]);
    let said = said(&plan);
    assert!(said.contains(&"Add `closed_at` beside `close_note` (`src/cart.py:3`)"), "{said:?}");
    assert!(said.contains(&"Add `closed_at` beside `close_note` (`src/answer.py:1`)"), "{said:?}");
    let files = || steps(&plan).into_iter().flat_map(|s| &s.files);
    let made = files().find(|f| f.action == Action::Create).map(|f| f.file.path.as_str());
    assert_eq!(made, Some("migrations/0003_carts_closed_at.sql"));
    assert!(!plan.sections.questions.iter().any(|q| q.ask.text.contains("is `closed` meant")));
}

#[test]
fn what_the_second_answer_adds_is_new_there_and_a_count_is_kept_nowhere() {
    let body = "Today:\n\n```json\n{\n  \"id\": 1,\n  \"close_note\": \"x\"\n}\n```\n\nWanted:\n\n```json\n{\n  \"id\": 1,\n  \
                \"close_note\": \"x\",\n  \"line_count\": 3\n}\n```\n";
    let plan = plan(&ticket("Include the number of lines in carts", body), &[shop()]);
    let said = said(&plan);
    assert!(said.contains(&"Add `line_count` beside `close_note` (`src/answer.py:1`)"), "{said:?}");
    assert!(!steps(&plan).iter().any(|s| s.files.iter().any(|f| f.action == Action::Create)), "{said:?}");
}

#[test]
fn what_is_worked_out_goes_into_no_record_and_what_is_answered_into_no_request() {
    // Uses of a member declare none.
    let uses = "def load(cart, row):\n    cart.close_note = row[\"note\"]\n    cart.closed = True\n";
    let request = "class CartUpdate:\n    closed: bool\n    close_note: str\n";
    let with = |mut context: Context| {
        likely(&mut context, "src/load.py", 0.2, vec![words(&["cart"])], &["load"]);
        likely(&mut context, "src/update.py", 0.2, vec![words(&["cart"])], &["CartUpdate"]);
        context
    };
    let context = with(shop_and(|tree| {
        tree.file("src/load.py", FileClass::Source, uses).file("src/update.py", FileClass::Source, request)
    }));
    let told = |title: &str, body: &str| {
        let plan = plan(&ticket(title, body), std::slice::from_ref(&context));
        said(&plan).into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let adds = |said: &[String], path: &str| said.iter().any(|s| s.starts_with("Add `") && s.contains(path));
    let answered =
        told("Tell when a cart was closed", "Add `closed_at` to the cart, beside `closed` and `close_note`.\n");
    assert!(adds(&answered, "src/cart.py") && adds(&answered, "src/answer.py"), "{answered:?}");
    assert!(!adds(&answered, "src/load.py") && !adds(&answered, "src/update.py"), "{answered:?}");
    let taken = "`PATCH /carts/{id}` should accept `closed_at` beside `closed` and `close_note`.\n";
    let taken = told("Let a cart be closed later", taken);
    assert!(adds(&taken, "src/update.py"), "{taken:?}");
    let counted = "```json\n{\n  \"id\": 1,\n  \"close_note\": \"x\",\n  \"gift_count\": 3\n}\n```\n";
    let counted = told("Include the number of gifts in carts", counted);
    assert!(adds(&counted, "src/answer.py") && !adds(&counted, "src/cart.py"), "{counted:?}");
}

#[test]
fn the_next_migration_follows_the_last_that_has_a_number() {
    let mut context =
        shop_and(|tree| tree.file("migrations/seed.sql", FileClass::Migration, "INSERT INTO carts VALUES (1);\n"));
    context.facts.push(fact(FactKind::Migration, "m", "SQL", "migrations/seed.sql", 1));
    let body = "Add `closed_at` to the cart, beside `closed` and `close_note`.\n";
    let plan = plan(&ticket("Tell when a cart was closed", body), &[context]);
    let made = steps(&plan).into_iter().flat_map(|s| &s.files).find(|f| f.action == Action::Create);
    assert_eq!(made.map(|f| f.file.path.as_str()), Some("migrations/0003_carts_closed_at.sql"));
}

#[test]
fn a_route_that_the_ticket_tells_of_is_not_declared_anew() {
    let mut context = shop();
    let route = |name: &str, path: &str, line| fact(FactKind::Route, name, "", path, line);
    context.facts.push(route("/carts", "src/close.py", 1));
    context.facts.push(route("/carts/{id}", "src/answer.py", 1));
    let body = "`GET /api/v2/carts/{id}` answers with a cart. `GET /api/v2/gifts` lists gifts.\n\nCarts should carry a note.\n";
    let text = document(&ticket("Notes of carts", body), &[context]);
    assert!(text.contains("**GET /api/v2/carts/{id}** (exists"), "{text}");
    assert!(!text.contains("(new)"), "{text}");
    assert!(text.contains("none of the 2 routes that were found declares it"), "{text}");
}

#[test]
fn what_a_route_is_to_take_goes_into_the_type_that_it_reads() {
    let api = "@router.put(\"/close\")\ndef close_cart(command: CloseCommand):\n    return command.cart\n";
    let tree = MemoryTree::default()
        .file("src/api/carts.py", FileClass::Source, api)
        .file("src/api/commands.py", FileClass::Source, "class CloseCommand:\n    cart: int\n")
        .file("src/api/handlers.py", FileClass::Source, "class CloseCommandHandler:\n    pass\n")
        .file("web/commands.py", FileClass::Source, "class CloseCommand:\n    cart: int\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/api/carts.py", 0.5, vec![words(&["cart"])], &[]);
    context.facts = vec![fact(FactKind::Route, "PUT /api/carts/close", "", "src/api/carts.py", 1)];
    let body = "* `PUT /api/carts/close` takes an optional `reason`\n* Without a reason everything stays as today\n";
    let plan = plan(&ticket("Carts: keep the reason of a closing", body), &[context]);
    let said = said(&plan);
    let expected = "R1: add `reason` to `CloseCommand` (`src/api/commands.py:1`), which `PUT /api/carts/close` reads";
    assert!(said.contains(&expected), "{said:?}");
    let paths: Vec<&str> = steps(&plan).into_iter().flat_map(|s| &s.files).map(|f| f.file.path.as_str()).collect();
    assert!(paths.contains(&"src/api/handlers.py") && !paths.contains(&"web/commands.py"), "{paths:?}");
    // What goes on from a requirement stands with it.
    assert!(plan.sections.phases.iter().flat_map(|p| &p.steps).any(|s| s.serves.contains(&"R2".to_owned())));
}

#[test]
fn an_entry_between_two_labels_goes_where_both_stand() {
    let menu = "<nav>\n  <a href=\"/carts\">Carts</a>\n  <a href=\"/settings\">Settings</a>\n</nav>\n";
    let tree = MemoryTree::default().file("web/menu.html", FileClass::Source, menu).file(
        "web/gifts.html",
        FileClass::Source,
        "<h1>Gifts and Carts</h1>\n<p>Settings of gifts</p>\n",
    );
    let mut context = context("acme/shop", tree);
    likely(&mut context, "web/gifts.html", 0.6, vec![words(&["gift", "carts"])], &[]);
    let body = "The gifts are hard to find. Add a `Gifts` link to the header, after `Carts` and before `Settings`.\n";
    let plan = plan(&ticket("Link to gifts in the header", body), &[context]);
    let first = steps(&plan)[0];
    assert_eq!(first.files[0].file.path, "web/menu.html");
    assert_eq!(first.how[0].text, "R1: put the new entry between `Carts` (`web/menu.html:2`) and `Settings` (line 3)");
}

#[test]
fn what_a_past_change_brought_is_asked_about() {
    let mut context = shop();
    let mut brought = past('e', "Add close_note to carts", &["src/cart.py"]);
    brought.similarity = 0.4;
    context.past = vec![brought];
    let body = "Carts should have a `close_note`.\n";
    let asks = |context: &Context, title: &str| {
        let plan = plan(&ticket(title, body), std::slice::from_ref(context));
        plan.sections.questions.iter().any(|q| q.ask.text.contains("brought `close_note` already"))
    };
    assert!(asks(&context, "Add a close note to carts"));
    assert!(!asks(&context, "Show gifts on the first page of the shop"));
    context.past[0].is_taken_back = true;
    assert!(!asks(&context, "Add a close note to carts"));
}

#[test]
fn a_new_path_of_several_methods_is_like_one_that_has_them() {
    let routes =
        "r.post('/carts/:id/lines', add);\nr.post('/carts/:id/star', star);\nr.delete('/carts/:id/star', unstar);\n";
    let tree = MemoryTree::default().file("src/routes.js", FileClass::Source, routes);
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/routes.js", 0.5, vec![words(&["cart"])], &[]);
    let route = |name: &str, line| fact(FactKind::Route, name, "", "src/routes.js", line);
    context.facts =
        vec![route("POST /carts/:id/lines", 1), route("POST /carts/:id/star", 2), route("DELETE /carts/:id/star", 3)];
    let body = "- `POST /carts/:id/pin` and `DELETE /carts/:id/pin`\n";
    let plan = plan(&ticket("Pin carts", body), &[context]);
    let said = said(&plan);
    assert!(
        said.contains(&"Declare `POST /carts/:id/pin` beside `POST /carts/:id/star` (`src/routes.js:2`)"),
        "{said:?}"
    );
}

#[test]
fn what_the_file_of_a_handler_defines_is_not_looked_for_elsewhere() {
    let api = "@router.get(\"/carts\")\ndef carts():\n    return find_carts()\n\n\ndef find_carts():\n    return []\n";
    let tree = MemoryTree::default().file("src/api.py", FileClass::Source, api).file(
        "src/admin.py",
        FileClass::Source,
        "def find_carts():\n    return [1]\n",
    );
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/api.py", 0.5, vec![words(&["cart"])], &["carts"]);
    context.facts = vec![fact(FactKind::Route, "GET /carts", "", "src/api.py", 1)];
    let text =
        document(&ticket("Carts without lines", "`GET /carts` should leave out carts without lines.\n"), &[context]);
    assert!(!text.contains("src/admin.py"), "{text}");
}

#[test]
fn a_migration_of_two_files_is_taken_back_by_the_second() {
    let sql = "ALTER TABLE carts ADD COLUMN close_note text;\n";
    let folder = "migrations/2025-05-20-143000_note";
    let mut context = shop_and(|tree| {
        tree.file(&format!("{folder}/up.sql"), FileClass::Migration, sql).file(
            &format!("{folder}/down.sql"),
            FileClass::Migration,
            "ALTER TABLE carts DROP COLUMN close_note;\n",
        )
    });
    context.facts = vec![fact(FactKind::Migration, "m", "Diesel", &format!("{folder}/up.sql"), 1)];
    let body = "Add `closed_at` to the cart, beside `closed` and `close_note`.\n";
    let plan = plan(&ticket("Tell when a cart was closed", body), &[context]);
    let expected = format!("A `down.sql` beside it takes it back, as `{folder}/down.sql` does");
    assert!(said(&plan).contains(&expected.as_str()), "{:?}", said(&plan));
}
