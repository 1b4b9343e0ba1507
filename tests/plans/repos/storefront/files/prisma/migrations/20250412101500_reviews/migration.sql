CREATE TABLE "Review" (
    "id" TEXT PRIMARY KEY,
    "productId" TEXT NOT NULL REFERENCES "Product"("id"),
    "accountId" TEXT NOT NULL REFERENCES "Account"("id"),
    "stars" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE UNIQUE INDEX "Review_productId_accountId_key" ON "Review"("productId", "accountId");
