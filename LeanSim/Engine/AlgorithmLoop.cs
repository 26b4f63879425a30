namespace LeanSim;

/// <summary>Feeds the slices to the algorithm, in LEAN's order of calls.</summary>
internal sealed class AlgorithmLoop(
    QCAlgorithm algorithm, Feed feed, TransactionHandler transactions, ScheduledEventRunner schedule, MessageLog messages, Action<DateTime> progress, LiveOptions live)
{
    private readonly QCAlgorithm _algorithm = algorithm;
    private readonly Feed _feed = feed;
    private readonly TransactionHandler _transactions = transactions;
    private readonly ScheduledEventRunner _schedule = schedule;
    private readonly MessageLog _messages = messages;
    private readonly Action<DateTime> _progress = progress;
    private bool _isWarmUpOpen;
    private DateTime _progressDay;
    public long DataPoints { get; private set; }
    public List<KeyValuePair<DateTime, decimal>> Equity { get; } = new();

    public void Run()
    {
        var algorithm = _algorithm;
        var nextMarginCall = DateTime.MinValue;
        var nextModelScan = algorithm.UtcTime.RoundDown(Time.OneHour) + Time.OneHour;
        var time = algorithm.StartDate.Date;
        algorithm.Schedule.On(
            "Daily Sampling", algorithm.Schedule.DateRules.EveryDay(), algorithm.Schedule.TimeRules.Midnight, () => Sample(algorithm.UtcTime));
        _isWarmUpOpen = algorithm.IsWarmingUp;
        if (_isWarmUpOpen)
            algorithm.Debug("Algorithm starting warm up...");
        else
            algorithm.OnWarmupFinished();
        using var slices = _feed.Stream().GetEnumerator();
        while (MoveNext(slices))
        {
            var slice = slices.Current;
            if (IsStopped())
                break;
            time = slice.TimeUtc;
            DataPoints += slice.DataPointCount;
            if (algorithm.Portfolio.TotalPortfolioValue <= 0)
            {
                algorithm.Debug("Portfolio value is less than or equal to zero, stopping algorithm.");
                break;
            }
            _schedule.ScanPastEvents(time);
            algorithm.SetDateTime(time);
            if (slice.IsTimePulse)
            {
                CheckWarmUp();
                continue;
            }
            algorithm.SetCurrentSlice(slice.Slice);
            if (slice.Changes != SecurityChanges.None)
            {
                ProcessChanges(slice.Changes);
                _schedule.OnSecuritiesChanged(slice.Changes);
            }
            Update(slice);
            if (time >= nextModelScan)
            {
                foreach (var security in algorithm.Securities.Values)
                {
                    security.MarginInterestRateModel.ApplyMarginInterestRate(new MarginInterestRateParameters(security, time));
                    security.SettlementModel.Scan(new ScanSettlementModelParameters(algorithm.Portfolio, security, time));
                }
                nextModelScan = time.RoundDown(Time.OneHour) + Time.OneHour;
            }
            foreach (var cash in algorithm.Portfolio.CashBook.Values)
                if (cash.CurrencyConversion != null)
                    cash.Update();
            algorithm.Portfolio.InvalidateTotalPortfolioValue();
            CheckWarmUp();
            live?.Step?.Invoke(time);
            _transactions.ProcessSynchronousEvents();
            _schedule.SetTime(time);
            if (IsStopped())
                break;
            if (algorithm.RunTimeError != null)
                return;
            if (time >= nextMarginCall)
            {
                if (!Guard(CallMargin, "OnMarginCall"))
                    return;
                nextMarginCall = time + TimeSpan.FromMinutes(5);
            }
            if (slice.Changes != SecurityChanges.None && !Guard(() => TellChanges(slice.Changes), "OnSecuritiesChanged"))
                return;
            try
            {
                if (slice.Slice.HasData)
                    algorithm.OnData(algorithm.CurrentSlice);
                algorithm.OnFrameworkData(slice.Slice);
            }
            catch (Exception error)
            {
                algorithm.SetRuntimeError(error, "OnData");
                return;
            }
            _transactions.ProcessSynchronousEvents();
            _messages.Drain();
            algorithm.OnEndOfTimeStep();
            if (_progress != null && time.Date != _progressDay)
            {
                _progressDay = time.Date;
                _progress(time);
            }
        }
        if (!Guard(algorithm.OnEndOfAlgorithm, "OnEndOfAlgorithm"))
            return;
        algorithm.SetStatus(AlgorithmStatus.Completed);
        Sample(time);
    }

    private bool MoveNext(IEnumerator<TimeSlice> slices)
    {
        try
        {
            return slices.MoveNext();
        }
        catch (Exception error)
        {
            _algorithm.SetRuntimeError(error, "Synchronizer");
            return false;
        }
    }

    private bool IsStopped()
    {
        if (_algorithm.Status == AlgorithmStatus.Running || _algorithm.RunTimeError != null)
            return false;
        Log.Trace($"The algorithm's status is {_algorithm.Status} at {_algorithm.UtcTime.ToStringInvariant()}: it ends");
        return true;
    }

    private void Update(TimeSlice slice)
    {
        foreach (var update in slice.Updates)
            if (live?.IsDelivered is { } isDelivered && update.Target is Security security && !isDelivered(security.Symbol, slice.TimeUtc))
                continue;
            else if (update.Points == null)
                update.Target.Update(update.Point, update.DataType);
            else
                update.Target.Update(update.Points, update.DataType, null, update.IsInternalConfig);
    }

    private void ProcessChanges(SecurityChanges changes)
    {
        foreach (var security in changes.AddedSecurities)
            _algorithm.Securities.Add(security);
        foreach (var security in changes.RemovedSecurities)
            if (!_algorithm.UniverseManager.IsMember(security.Symbol))
                security.Reset();
    }

    private void CheckWarmUp()
    {
        if (_isWarmUpOpen && !_algorithm.IsWarmingUp)
        {
            _isWarmUpOpen = false;
            _algorithm.OnWarmupFinished();
            _algorithm.Debug("Algorithm finished warming up.");
        }
    }

    private void CallMargin()
    {
        var orders = _algorithm.Portfolio.MarginCallModel.GetMarginCallOrders(out var isWarning);
        var executed = 0;
        if (orders.Count > 0)
        {
            _algorithm.OnMarginCall(orders);
            var tickets = _algorithm.Portfolio.MarginCallModel.ExecuteMarginCall(orders);
            executed = tickets.Count;
            foreach (var ticket in tickets)
                _algorithm.Error($"{_algorithm.Time.ToStringInvariant()} - Executed MarginCallOrder: {ticket.Symbol} - " +
                    $"Quantity: {ticket.Quantity.ToStringInvariant()} @ {ticket.AverageFillPrice.ToStringInvariant()}");
        }
        if (executed == 0 && isWarning)
            _algorithm.OnMarginCallWarning();
    }

    private void TellChanges(SecurityChanges all)
    {
        var changes = new SecurityChanges(all) { FilterCustomSecurities = true, FilterInternalSecurities = true };
        _algorithm.OnSecuritiesChanged(changes);
        _algorithm.OnFrameworkSecuritiesChanged(changes);
    }

    private bool Guard(Action call, string name)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception error)
        {
            _algorithm.SetRuntimeError(error, name);
            return false;
        }
    }

    private void Sample(DateTime utc) => Equity.Add(KeyValuePair.Create(utc, _algorithm.Portfolio.TotalPortfolioValue));
}
