#nullable enable

namespace CrossHedgeLean.Accounts;

/// <summary>One currency of an account, in that currency. Changed by the ledger alone.</summary>
public sealed class AccountBalance
{
    private decimal _total;
    private decimal _inPositions;

    internal AccountBalance(VenueAccount account, string currency, decimal ratio)
    {
        Account = account;
        Currency = currency;
        CollateralRatio = ratio;
    }

    /// <summary>The currency.</summary>
    public string Currency { get; }

    /// <summary>Everything here, locked or not; what travels is not.</summary>
    public decimal Total
    {
        get => _total;
        internal set
        {
            _total = value;
            Loose = _total - _inPositions;
        }
    }

    /// <summary>Held by working spot orders.</summary>
    public decimal Locked { get; internal set; }

    /// <summary>On its way to this account.</summary>
    public decimal InTransit { get; internal set; }

    /// <summary>What an order may spend.</summary>
    public decimal Free => Total - Locked;

    /// <summary>Units of the account currency per unit; zero before the first rate.</summary>
    public decimal Rate { get; internal set; }

    internal VenueAccount Account { get; }

    /// <summary>Whether this is the account currency itself: most money is, and multiplying by one is not free.</summary>
    internal bool IsAccountCurrency { get; init; }

    /// <summary>An amount of this currency in the account currency.</summary>
    internal decimal InAccountCurrency(decimal amount) => IsAccountCurrency ? amount : amount * Rate;

    /// <summary>Whether a position is settled in it.</summary>
    internal bool Settles { get; set; }

    /// <summary>What share counts as collateral of the account's perpetuals.</summary>
    internal decimal CollateralRatio { get; }

    /// <summary>The part that spot positions of the ledger value at their own marks.</summary>
    internal decimal InPositions
    {
        get => _inPositions;
        set
        {
            _inPositions = value;
            Loose = _total - _inPositions;
        }
    }

    /// <summary>The part that is valued at the currency's rate: all but what is in positions. Kept, because every rate asks for it.</summary>
    internal decimal Loose { get; private set; }
}
