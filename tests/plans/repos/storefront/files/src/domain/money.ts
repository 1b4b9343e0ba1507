/** An amount in cents. */
export class Money {
  static readonly zero = new Money(0);

  private constructor(readonly cents: number) {}

  static cents(cents: number): Money {
    return new Money(cents);
  }

  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }

  minus(other: Money): Money {
    return new Money(this.cents - other.cents);
  }

  times(count: number): Money {
    return new Money(this.cents * count);
  }

  percent(percent: number): Money {
    return new Money(Math.round((this.cents * percent) / 100));
  }

  format(): string {
    return `€ ${(this.cents / 100).toFixed(2)}`;
  }
}
