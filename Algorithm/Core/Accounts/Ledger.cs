#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// All accounts of a run. Money changes only by entries; marks and rates only revalue it. Every entry, mark and rate
/// adds to the part of the profit that it makes, so that the parts are the change of equity; what marks make is added
/// up when the profit is read or a size or rate changes. Safe to call from any thread; nothing waits for anything but
/// another short call.
/// </summary>
public sealed class Ledger : IVenueAccounts
{
    private readonly Lock _gate = new();
    private readonly List<VenueAccount> _accounts = [];
    private readonly Dictionary<Route, VenueAccount> _byRoute = [];
    private readonly Dictionary<string, List<AccountBalance>> _byCurrency = [];
    private readonly Dictionary<InstrumentId, AccountPosition> _positions = [];
    private readonly Dictionary<string, ReferencePrice> _references = [];
    private readonly SortedDictionary<string, TransferSentEntry> _travelling = new(StringComparer.Ordinal);

    /// <summary>Creates the ledger with its opening balances.</summary>
    /// <param name="accountCurrency">The currency of equity and profit.</param>
    /// <param name="definitions">The accounts; no route stands in two.</param>
    public Ledger(string accountCurrency, IReadOnlyList<AccountDefinition> definitions)
    {
        AccountCurrency = accountCurrency;
        foreach (var definition in definitions)
        {
            var account = new VenueAccount(definition, accountCurrency, Remember);
            _accounts.Add(account);
            foreach (var route in definition.Routes)
            {
                _byRoute.Add(route, account);
            }
        }
    }

    /// <summary>The currency of equity and profit.</summary>
    public string AccountCurrency { get; }

    /// <inheritdoc />
    public bool IsSimulated { get; init; } = true;

    /// <summary>The accounts, in the order of the configuration.</summary>
    public IReadOnlyList<VenueAccount> Accounts => _accounts;

    /// <summary>Told each entry after it is booked.</summary>
    public Action<LedgerEntry>? Booked { get; set; }

    /// <summary>Equity of all accounts and of what travels, in the account currency.</summary>
    public decimal Equity
    {
        get
        {
            lock (_gate)
            {
                var equity = 0m;
                foreach (var account in _accounts)
                {
                    equity += EquityOf(account);
                }

                return equity;
            }
        }
    }

    /// <summary>Opens an instrument in the account of its route; a second call answers with the same position.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="reference">Whether its price is the reference of its underlying; the first instrument of an underlying is, until another says so.</param>
    /// <exception cref="InvalidOperationException">No account serves the route, or the account's profile has no margin brackets for it.</exception>
    public AccountPosition Open(Instrument instrument, bool reference = false)
    {
        lock (_gate)
        {
            if (!_positions.TryGetValue(instrument.Id, out var position))
            {
                if (!_byRoute.TryGetValue(instrument.Id.Route, out var account))
                {
                    throw new InvalidOperationException($"{instrument.Id}: no account serves the route {instrument.Id.Route}; accounts serve {string.Join(", ", _byRoute.Keys)}.");
                }

                position = account.Add(instrument);
                _positions.Add(instrument.Id, position);
            }

            if (!_references.TryGetValue(instrument.Underlying, out var price))
            {
                price = new ReferencePrice(position);
                _references.Add(instrument.Underlying, price);
            }

            position.Reference = price;
            if (reference && price.Position != position)
            {
                price.Position.AccountMarks();
                position.AccountMarks();
                price.Position = position;
            }

            return position;
        }
    }

    /// <summary>The position of an instrument; null if it was never opened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public AccountPosition? Find(InstrumentId id)
    {
        lock (_gate)
        {
            return _positions.GetValueOrDefault(id);
        }
    }

    /// <summary>The account of a route; null if none serves it.</summary>
    public VenueAccount? Find(Route route) => _byRoute.GetValueOrDefault(route);

    /// <summary>All of a currency: over the accounts, and what travels. In that currency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal Total(string currency)
    {
        lock (_gate)
        {
            var total = 0m;
            if (_byCurrency.TryGetValue(currency, out var held))
            {
                for (var i = 0; i < held.Count; i++)
                {
                    total += held[i].Total + held[i].InTransit;
                }
            }

            return total;
        }
    }

    /// <summary>The profit of an account so far.</summary>
    public ProfitSplit ProfitOf(VenueAccount account)
    {
        lock (_gate)
        {
            AccountMarks(account);
            return account.Parts.ToSplit();
        }
    }

    /// <summary>
    /// What an account's equity is above what opening, received and profit explain, in the account currency; beyond
    /// rounding, money that no entry knows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal UnexplainedOf(VenueAccount account)
    {
        lock (_gate)
        {
            AccountMarks(account);
            return EquityOf(account) - account.Parts.Explained;
        }
    }

    /// <summary>What an account opened with, in the account currency at the first rates.</summary>
    public decimal OpeningOf(VenueAccount account)
    {
        lock (_gate)
        {
            return account.Parts.Opening;
        }
    }

    /// <summary>An account's equity, what travels to it included, in the account currency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal EquityOf(VenueAccount account)
    {
        lock (_gate)
        {
            var equity = account.Equity;
            var balances = account.Balances;
            for (var i = 0; i < balances.Count; i++)
            {
                if (balances[i].InTransit != 0m)
                {
                    equity += balances[i].InAccountCurrency(balances[i].InTransit);
                }
            }

            return equity;
        }
    }

    /// <summary>A rate to the account currency: value in the currency makes a currency profit, except a first rate, which only makes opening money visible.</summary>
    /// <param name="currency">The currency.</param>
    /// <param name="rate">Units of the account currency per unit; positive.</param>
    public void Rate(string currency, decimal rate)
    {
        lock (_gate)
        {
            if (!_byCurrency.TryGetValue(currency, out var held))
            {
                return;
            }

            for (var i = 0; i < held.Count; i++)
            {
                SetRate(held[i], rate);
            }
        }
    }

    /// <summary>A step's rates; see <see cref="Rate(string, decimal)"/>.</summary>
    /// <param name="rates">Balances of this ledger and units of the account currency per unit; those without a positive rate stay as they are.</param>
    public void Rate(ReadOnlySpan<(AccountBalance Balance, decimal Rate)> rates)
    {
        lock (_gate)
        {
            foreach (ref readonly var known in rates)
            {
                if (known.Rate > 0m)
                {
                    SetRate(known.Balance, known.Rate);
                }
            }
        }
    }

    /// <summary>A mark price: what is held makes a directional profit on the reference's move and a basis profit on the rest of its own.</summary>
    /// <param name="position">A position of this ledger.</param>
    /// <param name="price">In the settlement currency; positive.</param>
    public void Mark(AccountPosition position, decimal price)
    {
        lock (_gate)
        {
            SetMark(position, price);
        }
    }

    /// <summary>A step's marks; see <see cref="Mark(AccountPosition, decimal)"/>.</summary>
    /// <param name="marks">Positions of this ledger and prices in their settlement currency; those without a positive price stay as they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Mark(ReadOnlySpan<(AccountPosition Position, decimal Price)> marks)
    {
        lock (_gate)
        {
            foreach (ref readonly var mark in marks)
            {
                if (mark.Price > 0m)
                {
                    SetMark(mark.Position, mark.Price);
                }
            }
        }
    }

    /// <summary>Books an entry.</summary>
    /// <exception cref="InvalidOperationException">The entry names an account, instrument or transfer that is not here.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Post(LedgerEntry entry)
    {
        lock (_gate)
        {
            switch (entry)
            {
                case FillEntry fill:
                    Book(fill);
                    break;
                case FeeEntry fee:
                    Book(fee);
                    break;
                case FundingEntry funding:
                    var funded = PositionOf(funding.Instrument);
                    funded.Settlement.Total += funding.Amount;
                    funded.Account.Parts.Funding += funding.Amount * funded.Settlement.Rate;
                    break;
                case TransferSentEntry sent:
                    Book(sent);
                    break;
                case TransferArrivedEntry arrived:
                    var (toBalance, toAmount) = TakeTransfer(arrived.Id);
                    toBalance.Total += toAmount;
                    break;
                case TransferFailedEntry failed:
                    Book(failed);
                    break;
                case WriteOffEntry writeOff:
                    var account = AccountOf(writeOff.Account);
                    var written = account.BalanceOf(writeOff.Currency);
                    written.Total += writeOff.Amount;
                    account.Parts.WriteOff += writeOff.Amount * written.Rate;
                    break;
                case ReportEntry report:
                    Book(report);
                    break;
                default:
                    throw new InvalidOperationException($"The ledger has no rule for {entry.GetType().Name}.");
            }
        }

        Booked?.Invoke(entry);
    }

    /// <summary>Asks the account for an order's money and holds it if there is enough. An order that only takes away from a position needs none.</summary>
    /// <param name="order">The order.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public OrderVerdict Reserve(OrderRequirement order)
    {
        lock (_gate)
        {
            var position = PositionOf(order.Instrument);
            return position.Account.Reserve(order, position);
        }
    }

    /// <summary>
    /// Headroom: the most that a position's account can add on a side and keep a distance to liquidation, in contracts;
    /// zero or positive. What closes the position comes on top.
    /// </summary>
    /// <param name="position">A position of this ledger.</param>
    /// <param name="buys">The side.</param>
    /// <param name="price">In the settlement currency; positive.</param>
    /// <param name="feeRate">Fee as a fraction of the notional.</param>
    /// <param name="distance">The distance to keep, a fraction.</param>
    public decimal Headroom(AccountPosition position, bool buys, decimal price, decimal feeRate, decimal distance)
    {
        lock (_gate)
        {
            return position.Account.Headroom(position, buys, price, feeRate, distance);
        }
    }

    /// <summary>Distance to liquidation of a perpetual's underlying at its account, a fraction of the mark; null if no price does it, and for spot.</summary>
    public decimal? DistanceOf(AccountPosition position)
    {
        lock (_gate)
        {
            return position.Pool?.DistanceOf(position);
        }
    }

    /// <summary>Whether an order holds money, or was accepted as an exit.</summary>
    public bool IsReserved(InstrumentId id, int orderId)
    {
        lock (_gate)
        {
            return PositionOf(id).Account.Holds(orderId);
        }
    }

    /// <summary>What a spot buy may spend: the free balance and what the order itself holds, in the settlement currency.</summary>
    /// <param name="id">Its instrument.</param>
    /// <param name="orderId">The order.</param>
    public decimal FundsOf(InstrumentId id, int orderId)
    {
        lock (_gate)
        {
            var position = PositionOf(id);
            return position.Settlement.Free + position.Account.LockedBy(orderId, position);
        }
    }

    /// <summary>What a part of a working spot buy holds, in the settlement currency; zero if the order holds nothing.</summary>
    internal decimal CostOf(InstrumentId id, int orderId, decimal quantity)
    {
        lock (_gate)
        {
            var position = PositionOf(id);
            return position.Account.CostOf(orderId, position, quantity);
        }
    }

    /// <summary>Part of an order filled.</summary>
    /// <param name="id">Its instrument.</param>
    /// <param name="orderId">The order; unknown ones are none of ours.</param>
    /// <param name="filled">Contracts, signed as the order.</param>
    public void Filled(InstrumentId id, int orderId, decimal filled)
    {
        lock (_gate)
        {
            PositionOf(id).Account.Reduce(orderId, filled);
        }
    }

    /// <summary>An order is over: whatever it still held is free again. A second call changes nothing.</summary>
    /// <param name="id">Its instrument.</param>
    /// <param name="orderId">The order.</param>
    public void Release(InstrumentId id, int orderId)
    {
        lock (_gate)
        {
            PositionOf(id).Account.Release(orderId);
        }
    }

    /// <summary>What a currency of an account could leave with, in that currency.</summary>
    public decimal Withdrawable(VenueAccount account, string currency)
    {
        lock (_gate)
        {
            return account.WithdrawableOf(account.BalanceOf(currency));
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<AccountSnapshot> Snapshot()
    {
        lock (_gate)
        {
            return _accounts.ConvertAll(Snapshot);
        }
    }

    private static AccountSnapshot Snapshot(VenueAccount account)
        => new(
            account.Definition.Name,
            account.Equity + account.Balances.Sum(balance => balance.InTransit * balance.Rate),
            account.InitialMargin,
            account.MaintenanceMargin,
            account.OrderMargin,
            account.Balances
                .Select(balance => new BalanceSnapshot(balance.Currency, balance.Free, balance.Locked, balance.InTransit, account.WithdrawableOf(balance)))
                .ToArray(),
            account.Positions
                .Select(position => new PositionSnapshot(
                    position.Instrument.Id,
                    position.Quantity,
                    position.AverageCost,
                    position.Mark,
                    position.Pool?.LiquidationPrice(position)))
                .ToArray());

    /// <summary>What an account has in a currency: the balance, less the coins that positions value, plus the positions settled in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static decimal ValueIn(AccountBalance balance)
    {
        var value = balance.Loose;
        if (balance.InTransit != 0m)
        {
            value += balance.InTransit;
        }

        var positions = balance.Account.Positions;
        for (var i = 0; balance.Settles && i < positions.Count; i++)
        {
            if (positions[i].Settlement == balance)
            {
                value += positions[i].Contribution;
            }
        }

        return value;
    }

    private static void SetMark(AccountPosition position, decimal price)
    {
        if (position.SetMark(price))
        {
            CountCoins(position);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SetRate(AccountBalance balance, decimal rate)
    {
        if (balance.Rate == rate)
        {
            return;
        }

        AccountMarks(balance);
        var value = ValueIn(balance);
        if (value != 0m && balance.Rate == 0m)
        {
            balance.Account.Parts.Opening += value * rate;
        }
        else if (value != 0m)
        {
            balance.Account.Parts.Currency += value * (rate - balance.Rate);
        }

        balance.Rate = rate;
    }

    /// <summary>Accounts for the marks of what is held; those of flat positions have made nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccountMarks(VenueAccount account)
    {
        for (var i = 0; i < account.Positions.Count; i++)
        {
            if (account.Positions[i].IsHeld)
            {
                account.Positions[i].AccountMarks();
            }
        }
    }

    /// <summary>Accounts for the marks of what is settled in a balance; most rates that move are those of coins, in which nothing is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccountMarks(AccountBalance balance)
    {
        for (var i = 0; balance.Settles && i < balance.Account.Positions.Count; i++)
        {
            if (balance.Account.Positions[i].Settlement == balance)
            {
                balance.Account.Positions[i].AccountMarks();
            }
        }
    }

    private void Remember(AccountBalance balance)
    {
        if (!_byCurrency.TryGetValue(balance.Currency, out var held))
        {
            _byCurrency.Add(balance.Currency, held = []);
        }

        held.Add(balance);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Book(FillEntry fill)
    {
        var position = PositionOf(fill.Instrument);
        var parts = position.Account.Parts;
        position.AccountMarks();
        position.Fill(fill.Quantity, fill.Price);
        position.Settlement.Total += fill.Cash;
        if (position.Coins is { } coins)
        {
            coins.Total += fill.Coins;
        }

        CountCoins(position);
        var gained = fill.Quantity * position.Instrument.ContractMultiplier * (position.Mark - fill.Price) * position.Settlement.Rate;
        if (fill.IsLiquidation)
        {
            parts.Liquidation += gained;
        }
        else
        {
            parts.SpreadAndSlippage += gained;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Book(FeeEntry fee)
    {
        var position = PositionOf(fee.Instrument);
        var parts = position.Account.Parts;
        decimal cost;
        if (position.Coins is { } coins && coins.Currency == fee.Currency)
        {
            coins.Total += fee.Amount;
            position.AccountMarks();
            position.TakeCoins(fee.Amount);
            CountCoins(position);
            cost = fee.Amount * position.Instrument.ContractMultiplier * position.Mark * position.Settlement.Rate;
        }
        else
        {
            var balance = position.Account.BalanceOf(fee.Currency);
            balance.Total += fee.Amount;
            cost = fee.Amount * balance.Rate;
        }

        if (fee.IsLiquidation)
        {
            parts.Liquidation += cost;
        }
        else
        {
            parts.Fees += cost;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Book(TransferSentEntry sent)
    {
        if (_travelling.ContainsKey(sent.Id))
        {
            throw new InvalidOperationException($"The transfer {sent.Id} is already on its way: give each transfer an id of its own.");
        }

        var sender = AccountOf(sent.From);
        var from = sender.BalanceOf(sent.Currency);
        var to = AccountOf(sent.To).BalanceOf(sent.Currency);

        // One value at both ends, or it would differ from what was sent.
        SetRate(to, from.Rate);
        from.Total -= sent.Amount + sent.Fee;
        to.InTransit += sent.Amount;
        sender.Parts.Fees -= sent.Fee * from.Rate;
        MoveValue(sender, AccountOf(sent.To), sent.Amount * from.Rate);
        _travelling.Add(sent.Id, sent);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Book(TransferFailedEntry failed)
    {
        var sent = _travelling.GetValueOrDefault(failed.Id);
        var (to, amount) = TakeTransfer(failed.Id);
        var from = AccountOf(sent!.From);
        from.BalanceOf(sent.Currency).Total += failed.Returned;
        MoveValue(AccountOf(sent.To), from, amount * to.Rate);
        from.Parts.WriteOff -= (amount - failed.Returned) * to.Rate;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Book(ReportEntry report)
    {
        var account = AccountOf(report.Account);
        AccountMarks(account);
        foreach (var balance in account.Balances)
        {
            balance.Total = 0m;
        }

        foreach (var (currency, amount) in report.Balances)
        {
            account.BalanceOf(currency).Total += amount;
        }

        foreach (var position in account.Positions)
        {
            var held = report.Positions.FirstOrDefault(held => held.Instrument == position.Instrument.Id);
            position.Restate(held.Quantity, held.AveragePrice);
            CountCoins(position);
        }

        var change = EquityOf(account) - account.Parts.Explained;
        if (report.IsOpening)
        {
            account.Parts.Opening += change;
        }
        else
        {
            account.Parts.Received += change;
        }
    }

    private (AccountBalance Balance, decimal Amount) TakeTransfer(string id)
    {
        if (!_travelling.Remove(id, out var sent))
        {
            throw new InvalidOperationException($"No transfer {id} is on its way.");
        }

        var balance = AccountOf(sent.To).BalanceOf(sent.Currency);
        balance.InTransit -= sent.Amount;
        return (balance, sent.Amount);
    }

    /// <summary>Between accounts of ours nothing is gained: each account's profit leaves out what others sent it.</summary>
    private void MoveValue(VenueAccount from, VenueAccount to, decimal value)
    {
        from.Parts.Received -= value;
        to.Parts.Received += value;
    }

    /// <summary>What an account received from the others, less what it sent, in the account currency at the time of sending.</summary>
    public decimal ReceivedBy(VenueAccount account)
    {
        lock (_gate)
        {
            return account.Parts.Received;
        }
    }

    /// <summary>Coins that positions value at their own marks are not valued again at the coin's rate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountCoins(AccountPosition position)
    {
        if (position.Coins is { } coins)
        {
            var held = 0m;
            var positions = position.Account.Positions;
            for (var i = 0; i < positions.Count; i++)
            {
                if (positions[i].Coins == coins && positions[i].Mark != 0m)
                {
                    held += positions[i].Quantity;
                }
            }

            coins.InPositions = held;
        }
    }

    private AccountPosition PositionOf(InstrumentId id)
        => _positions.TryGetValue(id, out var position)
            ? position
            : throw new InvalidOperationException($"{id} is not open in the ledger: it has no account position.");

    private VenueAccount AccountOf(string name)
        => _accounts.Find(account => account.Definition.Name == name)
            ?? throw new InvalidOperationException($"No account is called {name}; accounts are {string.Join(", ", _accounts.Select(account => account.Definition.Name))}.");
}
