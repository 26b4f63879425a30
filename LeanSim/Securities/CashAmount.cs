namespace QuantConnect.Securities;

/// <summary>An amount in a currency.</summary>
public struct CashAmount(decimal amount, string currency)
{
    public decimal Amount { get; } = amount;
    public string Currency { get; } = currency;
    public static bool operator ==(CashAmount lhs, CashAmount rhs) => lhs.Amount == rhs.Amount && lhs.Currency == rhs.Currency;
    public static bool operator !=(CashAmount lhs, CashAmount rhs) => !(lhs == rhs);
    public override bool Equals(object obj) => obj is CashAmount other && this == other;
    public override int GetHashCode() => HashCode.Combine(Amount, Currency);
}

/// <summary>An amount with the cash that converts it to the account currency.</summary>
public class ConvertibleCashAmount(decimal amount, Cash cash)
{
    public decimal Amount { get; } = amount;
    public Cash Cash { get; } = cash;
    public decimal InAccountCurrency => Amount * Cash.ConversionRate;

    public static implicit operator CashAmount(ConvertibleCashAmount convertibleCashAmount) =>
        new(convertibleCashAmount.Amount, convertibleCashAmount.Cash.Symbol);
}

/// <summary>Converts amounts to the account currency.</summary>
public interface ICurrencyConverter
{
    CashAmount ConvertToAccountCurrency(CashAmount cashAmount);
}

/// <summary>A change of a cash book.</summary>
public class CashBookUpdatedEventArgs(CashBookUpdateType type, Cash cash) : EventArgs
{
    public CashBookUpdateType UpdateType { get; } = type;
    public Cash Cash { get; } = cash;
}
