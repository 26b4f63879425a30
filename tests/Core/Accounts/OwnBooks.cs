using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>
/// A second set of books with arithmetic of its own: average prices instead of costs, brackets summed slice by slice
/// instead of deductions, every part of the profit booked when its cause happens. It is fed with entries, prices and
/// rates, and never reads a figure of the ledger.
/// </summary>
internal sealed class OwnBooks
{
    private readonly Dictionary<InstrumentId, Position> _positions = [];
    private readonly Dictionary<string, Position> _references = [];
    private readonly Dictionary<string, TransferSentEntry> _travelling = [];

    public OwnBooks(string accountCurrency, IEnumerable<AccountDefinition> definitions)
    {
        Rates[accountCurrency] = 1m;
        foreach (var definition in definitions)
        {
            var account = new Account(definition);
            Accounts.Add(account);
            foreach (var (currency, amount) in definition.Opening)
            {
                account.Balances[currency] = account.Balances.GetValueOrDefault(currency) + amount;
                Totals[currency] = Totals.GetValueOrDefault(currency) + amount;
            }
        }
    }

    public List<Account> Accounts { get; } = [];

    public List<Position> Positions { get; } = [];

    public Dictionary<string, decimal> Rates { get; } = [];

    /// <summary>Per currency the opening balances and everything that came in or went out since, by cause.</summary>
    public Dictionary<string, decimal> Totals { get; } = [];

    public void Open(Instrument instrument, bool reference)
    {
        var account = Accounts.Single(account => account.Definition.Routes.Contains(instrument.Id.Route));
        var position = new Position(instrument, account);
        Positions.Add(position);
        account.Positions.Add(position);
        _positions.Add(instrument.Id, position);
        if (reference || !_references.ContainsKey(instrument.Underlying))
        {
            _references[instrument.Underlying] = position;
        }
    }

    public bool IsReference(Position position) => _references[position.Instrument.Underlying] == position;

    public Position Of(InstrumentId id) => _positions[id];

    public void Rate(string currency, decimal rate)
    {
        var first = !Rates.TryGetValue(currency, out var before);
        foreach (var account in Accounts)
        {
            var value = account.Balances.GetValueOrDefault(currency) + account.InTransit.GetValueOrDefault(currency);
            foreach (var position in account.Positions)
            {
                if (position.Coin == currency)
                {
                    value -= position.Quantity;
                }

                if (position.Instrument.SettlementCurrency == currency)
                {
                    value += position.IsPerpetual ? position.Profit : position.Quantity * position.Mark;
                }
            }

            if (first)
            {
                account.Opening += value * rate;
            }
            else
            {
                account.Currency += value * (rate - before);
            }
        }

        Rates[currency] = rate;
    }

    public void OpenAccountCurrency(string currency)
    {
        foreach (var account in Accounts)
        {
            account.Opening += account.Balances.GetValueOrDefault(currency);
        }
    }

    public void Mark(Position position, decimal price)
    {
        var move = position.Mark == 0m ? 0m : price - position.Mark;
        position.Mark = price;
        var gained = position.Quantity * move * RateOf(position);
        position.Account.PriceProfit += gained;
        if (IsReference(position))
        {
            var perUnit = move / position.Instrument.UnitsPerContract * RateOf(position);
            foreach (var held in Positions.Where(held => held.Instrument.Underlying == position.Instrument.Underlying))
            {
                held.Account.Directional += held.Quantity * held.Instrument.UnitsPerContract * perUnit;
            }
        }
    }

    /// <summary>Books an entry; its amounts are recomputed from its cause first.</summary>
    public void Book(LedgerEntry entry)
    {
        switch (entry)
        {
            case FillEntry fill:
                var traded = Of(fill.Instrument);
                var (cash, coins) = traded.IsPerpetual ? (traded.Realized(fill.Quantity, fill.Price), 0m) : (-fill.Quantity * fill.Price, fill.Quantity);
                Same(fill.Cash, cash, "cash of a fill", fill);
                Same(fill.Coins, coins, "coins of a fill", fill);
                Move(traded.Account, traded.Instrument.SettlementCurrency, cash);
                if (traded.Coin is { } coin)
                {
                    Move(traded.Account, coin, coins);
                }

                traded.Trade(fill.Quantity, fill.Price);
                var slipped = fill.Quantity * (traded.Mark - fill.Price) * RateOf(traded);
                if (fill.IsLiquidation)
                {
                    traded.Account.Liquidation += slipped;
                }
                else
                {
                    traded.Account.Slippage += slipped;
                }

                break;
            case FeeEntry fee:
                var charged = Of(fee.Instrument);
                Move(charged.Account, fee.Currency, fee.Amount);
                var cost = fee.Amount * Rates[fee.Currency];
                if (charged.Coin == fee.Currency)
                {
                    charged.Quantity += fee.Amount;
                    cost = fee.Amount * charged.Mark * RateOf(charged);
                }

                if (fee.IsLiquidation)
                {
                    charged.Account.Liquidation += cost;
                }
                else
                {
                    charged.Account.Fees += cost;
                }

                break;
            case FundingEntry funding:
                var funded = Of(funding.Instrument);
                Same(funding.Quantity, funded.Quantity, "position of a funding", funding);
                var paid = funded.Quantity * funding.Mark * funding.Rate;
                Same(funding.Amount, -paid, "amount of a funding", funding);
                Move(funded.Account, funded.Instrument.SettlementCurrency, -paid);
                funded.Account.Funding -= paid * RateOf(funded);
                break;
            case TransferSentEntry sent:
                var (sender, receiver) = (Named(sent.From), Named(sent.To));
                _travelling.Add(sent.Id, sent);
                Move(sender, sent.Currency, -sent.Fee);
                sender.Balances[sent.Currency] -= sent.Amount;
                receiver.InTransit[sent.Currency] = receiver.InTransit.GetValueOrDefault(sent.Currency) + sent.Amount;
                sender.Fees -= sent.Fee * Rates[sent.Currency];
                sender.Received -= sent.Amount * Rates[sent.Currency];
                receiver.Received += sent.Amount * Rates[sent.Currency];
                break;
            case TransferArrivedEntry arrived:
                _travelling.Remove(arrived.Id, out var came);
                var host = Named(came!.To);
                host.InTransit[came.Currency] -= came.Amount;
                host.Balances[came.Currency] = host.Balances.GetValueOrDefault(came.Currency) + came.Amount;
                break;
            case TransferFailedEntry failed:
                _travelling.Remove(failed.Id, out var lost);
                var (home, missed) = (Named(lost!.From), Named(lost.To));
                var gone = lost.Amount - failed.Returned;
                missed.InTransit[lost.Currency] -= lost.Amount;
                home.Balances[lost.Currency] += failed.Returned;
                Totals[lost.Currency] -= gone;
                missed.Received -= lost.Amount * Rates[lost.Currency];
                home.Received += lost.Amount * Rates[lost.Currency];
                home.WriteOff -= gone * Rates[lost.Currency];
                break;
            case WriteOffEntry writeOff:
                Move(Named(writeOff.Account), writeOff.Currency, writeOff.Amount);
                Named(writeOff.Account).WriteOff += writeOff.Amount * Rates[writeOff.Currency];
                break;
            default:
                throw new InvalidOperationException($"an entry of a new kind: {entry}");
        }
    }

    public decimal Equity(Account account)
    {
        var equity = 0m;
        foreach (var (currency, amount) in account.Balances)
        {
            equity += amount * Rates[currency];
        }

        foreach (var (currency, amount) in account.InTransit)
        {
            equity += amount * Rates[currency];
        }

        foreach (var position in account.Positions)
        {
            // Coins are worth their own venue's price, not the coin's rate.
            equity += position.Coin is { } coin
                ? position.Quantity * ((position.Mark * RateOf(position)) - Rates[coin])
                : position.Profit * RateOf(position);
        }

        return equity;
    }

    /// <summary>What perpetuals of a pool can lose: for a unified account everything at its share, else one currency.</summary>
    public decimal PoolEquity(Account account, string settlement)
    {
        if (!account.IsPooled)
        {
            return account.Balances.GetValueOrDefault(settlement) + Pool(account, settlement).Sum(position => position.Profit);
        }

        var equity = 0m;
        foreach (var (currency, amount) in account.Balances)
        {
            var share = amount < 0m ? 1m : account.Definition.Profile.CollateralRatios.GetValueOrDefault(currency);
            equity += amount * Rates[currency] * share;
        }

        return equity + Pool(account, settlement).Sum(position => position.Profit * RateOf(position));
    }

    public decimal Maintenance(Account account, string settlement)
        => Pool(account, settlement).Sum(position => Maintenance(position.Tiers, Math.Abs(position.Quantity * position.Mark)) * Unit(position));

    public decimal Initial(Account account, string settlement)
        => Pool(account, settlement).Sum(position => Initial(position, Math.Abs(position.Quantity * position.Mark)) * Unit(position));

    /// <summary>
    /// What working orders of a pool hold: per instrument and side the part that is left once the opposite position is
    /// closed, margined on top of what is held; for a spot buy in a unified account what the coins count for less than
    /// the money.
    /// </summary>
    public decimal OrderMargin(Account account, string settlement, IEnumerable<Working> orders)
    {
        var margin = 0m;
        foreach (var side in orders.Where(order => order.Position.Account == account).GroupBy(order => (order.Position, Math.Sign(order.Remaining))))
        {
            var (position, sign) = side.Key;
            if (!position.IsPerpetual)
            {
                if (account.IsPooled && sign > 0)
                {
                    var ratios = account.Definition.Profile.CollateralRatios;
                    var haircut = Math.Max(0m, ratios.GetValueOrDefault(position.Instrument.SettlementCurrency) - ratios.GetValueOrDefault(position.Coin!));
                    margin += side.Sum(order => order.Remaining * order.Price * (1m + order.FeeRate)) * haircut * RateOf(position);
                }

                continue;
            }

            if (!account.IsPooled && position.Instrument.SettlementCurrency != settlement)
            {
                continue;
            }

            var closing = Math.Sign(position.Quantity) == -sign ? Math.Abs(position.Quantity) : 0m;
            var held = Math.Sign(position.Quantity) == sign ? Math.Abs(position.Quantity * position.Mark) : 0m;
            var (from, fees) = (held, 0m);
            foreach (var order in side)
            {
                var adds = Math.Max(0m, Math.Abs(order.Remaining) - closing);
                closing = Math.Max(0m, closing - Math.Abs(order.Remaining));
                held += adds * order.Price;
                fees += adds * order.Price * order.FeeRate;
            }

            margin += (Initial(position, held) - Initial(position, from) + fees) * Unit(position);
        }

        return margin;
    }

    /// <summary>Progressive, as a venue describes it: each slice of the notional at its own bracket's rate.</summary>
    public static decimal Maintenance(MarginTiers tiers, decimal notional)
    {
        var (margin, floor) = (0m, 0m);
        for (var i = 0; i < tiers.Count; i++)
        {
            var cap = i == tiers.Count - 1 ? decimal.MaxValue : tiers[i].Cap;
            if (notional > floor)
            {
                margin += (Math.Min(notional, cap) - floor) * tiers[i].MaintenanceRate;
            }

            floor = cap;
        }

        return margin;
    }

    public static decimal Initial(Position position, decimal notional)
    {
        var tiers = position.Tiers;
        var tier = 0;
        while (tier < tiers.Count - 1 && notional > tiers[tier].Cap)
        {
            tier++;
        }

        return notional / Math.Min(position.Account.Definition.Leverage, tiers[tier].MaxLeverage);
    }

    public decimal RateOf(Position position) => Rates[position.Instrument.SettlementCurrency];

    public decimal Unit(Position position) => position.Account.IsPooled ? RateOf(position) : 1m;

    public static IEnumerable<Position> Pool(Account account, string settlement)
        => account.Positions.Where(position => position.IsPerpetual && (account.IsPooled || position.Instrument.SettlementCurrency == settlement));

    private static void Same(decimal actual, decimal expected, string what, LedgerEntry entry)
    {
        if (Math.Abs(actual - expected) > 0.000000000001m)
        {
            throw new InvalidOperationException($"{what}: {actual}, by its cause {expected}: {entry}");
        }
    }

    private void Move(Account account, string currency, decimal amount)
    {
        account.Balances[currency] = account.Balances.GetValueOrDefault(currency) + amount;
        Totals[currency] = Totals.GetValueOrDefault(currency) + amount;
    }

    private Account Named(string name) => Accounts.Single(account => account.Definition.Name == name);

    public sealed class Account(AccountDefinition definition)
    {
        public AccountDefinition Definition => definition;

        public bool IsPooled { get; } = definition.Profile.CollateralRatios.Count > 0;

        public Dictionary<string, decimal> Balances { get; } = [];

        public Dictionary<string, decimal> InTransit { get; } = [];

        public List<Position> Positions { get; } = [];

        public decimal Opening { get; set; }

        public decimal Received { get; set; }

        public decimal Directional { get; set; }

        /// <summary>Directional and basis together.</summary>
        public decimal PriceProfit { get; set; }

        public decimal Slippage { get; set; }

        public decimal Funding { get; set; }

        public decimal Fees { get; set; }

        public decimal Liquidation { get; set; }

        public decimal Currency { get; set; }

        public decimal WriteOff { get; set; }

        public decimal Profit => PriceProfit + Slippage + Funding + Fees + Liquidation + Currency + WriteOff;
    }

    public sealed class Position(Instrument instrument, Account account)
    {
        public Instrument Instrument => instrument;

        public Account Account => account;

        public bool IsPerpetual { get; } = instrument.Id.Route.Kind == InstrumentKind.LinearPerpetual;

        public string? Coin { get; } = instrument.Id.Route.Kind == InstrumentKind.Spot ? instrument.Underlying : null;

        public MarginTiers Tiers { get; } = account.Definition.Profile.TiersOf(instrument.Id.Ticker) ?? MarginTiers.Flat(0.5m, 1m);

        public decimal Quantity { get; set; }

        public decimal Average { get; private set; }

        public decimal Mark { get; set; }

        public decimal Profit => Quantity * (Mark - Average);

        public decimal Realized(decimal quantity, decimal price)
        {
            var closes = Math.Sign(quantity) == -Math.Sign(Quantity) ? Math.Min(Math.Abs(quantity), Math.Abs(Quantity)) : 0m;
            return closes * Math.Sign(Quantity) * (price - Average);
        }

        public void Trade(decimal quantity, decimal price)
        {
            var after = Quantity + quantity;
            if (after == 0m)
            {
                Average = 0m;
            }
            else if (Quantity == 0m || Math.Sign(after) != Math.Sign(Quantity))
            {
                Average = price;
            }
            else if (Math.Sign(quantity) == Math.Sign(Quantity))
            {
                Average = ((Quantity * Average) + (quantity * price)) / after;
            }

            Quantity = after;
        }
    }

    public sealed record Working(int Id, Position Position, decimal Remaining, decimal Price, decimal FeeRate);
}
