CREATE TABLE "Account" (
    "id" TEXT PRIMARY KEY,
    "email" TEXT NOT NULL UNIQUE,
    "passwordHash" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE "Product" (
    "id" TEXT PRIMARY KEY,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "unitPrice" INTEGER NOT NULL,
    "onHand" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "Cart" (
    "id" TEXT PRIMARY KEY,
    "code" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL
);

CREATE TABLE "CartLine" (
    "cartId" TEXT NOT NULL REFERENCES "Cart"("id") ON DELETE CASCADE,
    "productId" TEXT NOT NULL REFERENCES "Product"("id"),
    "quantity" INTEGER NOT NULL,
    PRIMARY KEY ("cartId", "productId")
);

CREATE TABLE "Order" (
    "id" TEXT PRIMARY KEY,
    "accountId" TEXT NOT NULL REFERENCES "Account"("id"),
    "total" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'placed',
    "placedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX "Order_accountId_idx" ON "Order"("accountId");
