process.env.SESSION_SECRET = "test";
process.env.PAYMENT_WEBHOOK_SECRET = "test";
process.env.FLAG_REVIEWS = "on";
