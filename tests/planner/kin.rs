//! New nouns, time, loops, flags, figures: what a plan reads off a ticket's sentences and the code that answers to them.

use planwright::model::context::*;

use super::world::*;

const CODE: &str = "def all():\n    return []\n";

/// A shop in Rails' folders: a model, a controller and a test of each for `orders` and `carts`, and one odd file.
fn rails() -> MemoryTree {
    let names = [
        ("app/models/order.rb", FileClass::Source),
        ("app/models/cart.rb", FileClass::Source),
        ("app/models/application_record.rb", FileClass::Source),
        ("app/controllers/orders_controller.rb", FileClass::Source),
        ("app/controllers/carts_controller.rb", FileClass::Source),
        ("app/services/price.rb", FileClass::Source),
        ("spec/models/order_spec.rb", FileClass::Test),
        ("spec/requests/orders_spec.rb", FileClass::Test),
        ("spec/requests/carts_spec.rb", FileClass::Test),
        ("db/migrate/20250101000000_create_orders.rb", FileClass::Migration),
    ];
    names.into_iter().fold(MemoryTree::default(), |tree, (path, class)| tree.file(path, class, CODE))
}

fn shop(tree: MemoryTree) -> Context {
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::Migration, "create_orders", "Rails", "db/migrate/20250101000000_create_orders.rb", 1),
        fact(FactKind::Route, "POST /orders", "orders#create", "app/controllers/orders_controller.rb", 1),
        fact(FactKind::TestCommand, "rspec", "bundle exec rspec", ".github/workflows/ci.yml", 9),
    ];
    likely(&mut context, "app/services/price.rb", 0.3, vec![words(&["price"])], &["all"]);
    context
}

#[test]
fn a_new_resource_gets_a_file_in_each_layer_like_its_siblings() {
    let body = "- [ ] `POST /gift_cards` keeps a gift card and answers 201\n- [ ] a gift card is counted once\n";
    let text = document(&ticket("Sell gift cards", body), &[shop(rails())]);
    for path in [
        "Create `app/models/gift_card.rb`",
        "Create `app/controllers/gift_cards_controller.rb`",
        "Create `spec/requests/gift_cards_spec.rb`",
        "Create `db/migrate/",
    ] {
        assert!(text.contains(path), "{path} in {text}");
    }
    assert!(text.contains("take [`app/models/order.rb`]"), "{text}");
    assert!(!text.contains("app/services/gift") && !text.contains("application_record"), "{text}");
    assert!(text.contains("**T1** shows AC1, in the new file `spec/requests/gift_cards_spec.rb`"), "{text}");
    assert!(!text.contains("`app/services/price.rb`"), "{text}");
}

#[test]
fn a_resource_that_is_there_gets_no_files() {
    let body = "- [ ] `POST /orders/late` answers 201\n";
    let text = document(&ticket("Late orders", body), &[shop(rails())]);
    assert!(!text.contains("Create `app/"), "{text}");
}

#[test]
fn files_of_one_noun_make_no_convention() {
    let tree = MemoryTree::default()
        .file("api/orders.py", FileClass::Source, CODE)
        .file("store/orders.py", FileClass::Source, CODE)
        .file("api/utils.py", FileClass::Source, CODE)
        .file("store/utils.py", FileClass::Source, CODE);
    let text = document(&ticket("Sell gift cards", "- [ ] `POST /gift_cards` answers 201\n"), &[shop(tree)]);
    assert!(!text.contains("Create `api/") && !text.contains("Create `store/"), "{text}");
}

#[test]
fn what_imports_the_siblings_registers_the_new_one() {
    let tree = MemoryTree::default()
        .file("shop/api/orders.py", FileClass::Source, CODE)
        .file("shop/api/carts.py", FileClass::Source, CODE)
        .file("shop/models/order.py", FileClass::Source, CODE)
        .file("shop/models/cart.py", FileClass::Source, CODE)
        .file("shop/main.py", FileClass::Source, "from shop.api import orders, carts\n\nserve(carts)\nserve(orders)\n")
        .import("shop/main.py", "shop/api/orders.py")
        .import("shop/main.py", "shop/api/carts.py");
    let text = document(&ticket("Sell gift cards", "- [ ] `POST /gift_cards` answers 201\n"), &[shop(tree)]);
    assert!(text.contains("Register `gift_cards` beside `orders` ([`shop/main.py:4`]"), "{text}");
}

#[test]
fn what_leaves_its_rules_to_a_folder_does_so_for_a_new_noun() {
    let files = ["shop/api/orders.py", "shop/api/carts.py", "shop/models/order.py", "shop/models/cart.py"];
    let tree = files.into_iter().fold(MemoryTree::default(), |tree, path| tree.file(path, FileClass::Source, CODE));
    let tree = tree
        .file("shop/security.py", FileClass::Source, CODE)
        .file("shop/services/checkout.py", FileClass::Source, CODE)
        .file("shop/services/pricing.py", FileClass::Source, CODE)
        .import("shop/api/orders.py", "shop/security.py")
        .import("shop/api/orders.py", "shop/services/checkout.py")
        .import("shop/api/carts.py", "shop/services/pricing.py");
    let text = document(&ticket("Sell gift cards", "- [ ] `POST /gift_cards` answers 201\n"), &[shop(tree)]);
    assert!(text.contains("Create `shop/services/gift_card.py`"), "{text}");
    assert!(!text.contains("Create `shop/gift_card.py`"), "{text}");
}

#[test]
fn steps_below_a_bold_word_are_played() {
    let mut context = shop(rails());
    near(&mut context, "spec/requests/orders_spec.rb", "app/services/price.rb", "it imports it", &["all"]);
    let body =
        "**Steps**\n\n1. `POST /orders`\n2. `GET /orders`\n\n**Expected:** 200 with the price\n\n**Actual:** 500\n";
    let mut wanted = ticket("500 for the price of an order", body);
    wanted.type_name = Some("Bug".to_owned());
    let text = document(&wanted, &[context]);
    assert!(text.contains("Play the ticket's 2 steps. It fails today"), "{text}");
}

#[test]
fn a_list_that_the_title_and_the_text_speak_of_is_a_noun() {
    let body = "Guests want to be put on a waiting list.\n\nGiven a day is full\nWhen I join the waiting list\nThen I am last on it\n";
    let mut wanted = ticket("Waiting list for full days", body);
    wanted.type_name = Some("Story".to_owned());
    let text = document(&wanted, &[shop(rails())]);
    assert!(text.contains("Create `app/models/waiting_list.rb`"), "{text}");
    assert!(text.contains("Which routes does `app/controllers/waiting_lists_controller.rb` answer?"), "{text}");
}

#[test]
fn what_happens_by_the_clock_goes_where_the_repository_keeps_time() {
    let poller = "def run():\n    schedule.every(10).minutes.do(poll)\n";
    let tree = MemoryTree::default().file("shop/mail.py", FileClass::Source, CODE).file(
        "shop/worker/poller.py",
        FileClass::Source,
        poller,
    );
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/mail.py", 0.6, vec![words(&["mail"])], &["all"]);
    let body = "- [ ] a mail that failed is sent again after two hours\n- [ ] a mail names the order\n";
    let text = document(&ticket("Mails are lost", body), &[context]);
    assert!(text.contains("AC1 happens by the clock") && text.contains("shop/worker/poller.py:2"), "{text}");
    assert!(text.contains("Change `run` in `shop/worker/poller.py`** · AC1"), "{text}");
}

#[test]
fn a_query_for_each_element_is_named_where_speed_is_asked_for() {
    let slow = |label: &str| {
        let service = "def page():\n    found = orders_of()\n    for one in found:\n        one.lines = lines_of(one)\n    return found\n";
        let tree = MemoryTree::default().file("shop/services/orders.py", FileClass::Source, service).file(
            "shop/store/lines.py",
            FileClass::Source,
            "def lines_of(order):\n    return query(order)\n",
        );
        let mut context = context("acme/shop", tree);
        likely(&mut context, "shop/services/orders.py", 0.6, vec![words(&["orders", "page"])], &["page"]);
        let mut wanted = ticket("The page of orders", "`page` should answer within 150 ms.");
        wanted.labels = vec![label.to_owned()];
        document(&wanted, &[context])
    };
    let text = slow("performance");
    assert!(text.contains("`page` calls `lines_of` in a loop ([`shop/services/orders.py:3-4`]"), "{text}");
    assert!(!slow("bug").contains("in a loop"));
}

#[test]
fn a_schema_names_the_model_that_stands_last_and_no_other_text() {
    let schema = "model Order {\n}\n\nmodel `@team` {\n}\n";
    let tree = rails().file("prisma/schema.prisma", FileClass::Source, schema);
    let mut context = shop(tree);
    context.facts.push(fact(FactKind::Schema, "Prisma schema", "", "prisma/schema.prisma", 1));
    let text = document(&ticket("Sell gift cards", "- [ ] `POST /gift_cards` answers 201\n"), &[context]);
    assert!(text.contains("Declare here, beside `Order` ([`prisma/schema.prisma:1`]"), "{text}");
}

#[test]
fn a_flag_is_declared_beside_the_others() {
    let tree = MemoryTree::default()
        .file("src/flags.ts", FileClass::Source, "// \"old\"\nconst KNOWN = [\"reviews\"];\n")
        .file(".env.example", FileClass::Config, "PORT=1\nFLAG_REVIEWS=off\n")
        .file("src/routes.ts", FileClass::Source, "function routes() {\n}\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "src/routes.ts", 0.5, vec![words(&["routes"])], &["routes"]);
    let body = "- [ ] the routes are behind a flag `new-cart`\n- [ ] the routes answer 200\n";
    let text = document(&ticket("New cart", body), &[context]);
    assert!(text.contains("Declare the flag `new-cart` beside `reviews` ([`src/flags.ts:2`]"), "{text}");
    assert!(text.contains("Name `FLAG_NEW_CART` beside `FLAG_REVIEWS`"), "{text}");
}

#[test]
fn a_figure_leads_to_the_only_code_that_holds_it() {
    let tree = MemoryTree::default()
        .file("shop/billing.py", FileClass::Source, "def fee():\n    return Decimal(\"25.00\")\n")
        .file("shop/calendar.py", FileClass::Source, "def termin():\n    return 3\n");
    let mut context = context("acme/shop", tree);
    likely(&mut context, "shop/calendar.py", 0.6, vec![words(&["Termin"])], &["termin"]);
    likely(&mut context, "shop/billing.py", 0.4, vec![words(&["fee"])], &["fee"]);
    let body = "## Akzeptanzkriterien\n\n- Ein Termin wird mit 25,00 Euro berechnet\n- Ein Termin hat einen Tag\n";
    let text = document(&ticket("Termine berechnen", body), &[context]);
    assert!(text.contains("`shop/billing.py`** · AC1"), "{text}");
}

#[test]
fn names_of_a_package_that_is_raised_are_not_asked_about() {
    let tree = MemoryTree::default()
        .file("pyproject.toml", FileClass::Config, "pydantic==2.10\n")
        .file(
            "shop/models.py",
            FileClass::Source,
            "from pydantic import BaseModel\n\nclass Cart(BaseModel):\n    pass\n",
        )
        .file("shop/other.py", FileClass::Source, "import pydantic_core\n");
    let mut context = context("acme/shop", tree);
    context.facts = vec![
        fact(FactKind::Dependency, "pydantic", "", "pyproject.toml", 1),
        fact(FactKind::TestCommand, "pytest", "pytest -q", ".github/workflows/ci.yml", 4),
    ];
    let not_found = Grounding::NotFound { nearest: None };
    context.grounded.push(Grounded { text: "model_fields".to_owned(), found: not_found });
    let text = document(&ticket("Upgrade pydantic to 2.11", "2.11 deprecates `model_fields`."), &[context]);
    assert!(!text.contains("is it new, or elsewhere"), "{text}");
    assert!(text.contains("[`shop/models.py:1`]") && !text.contains("shop/other.py"), "{text}");
    assert!(text.contains("Done when `pytest -q` passes"), "{text}");
}
