namespace LeanSim;

/// <summary>What a backtest is run with.</summary>
public sealed class BacktestOptions
{
    /// <summary>Root of the data in LEAN's layout; null: the one in the configuration.</summary>
    public string DataFolder { get; init; }

    /// <summary>The algorithm's parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Makes the brokerage.</summary>
    public BacktestingSetupHandler SetupHandler { get; init; } = new();

    /// <summary>Runs it as a live algorithm on these; null: a backtest.</summary>
    public LiveOptions Live { get; init; }

    /// <summary>Called with the simulated time (UTC), at most once per simulated day.</summary>
    public Action<DateTime> Progress { get; init; }
}

/// <summary>
/// The live contract: LEAN's order of calls, with the host in the place of threads and wall clock. The data are those of
/// the folder, by their own time, or those of a queue, by the host's clock. Whatever the brokerage does besides being called
/// is done in <see cref="Step"/>, <see cref="Pump"/> and <see cref="WaitUntil"/>.
/// </summary>
public sealed class LiveOptions
{
    /// <summary>Makes the brokerage.</summary>
    public IBrokerageFactory Factory { get; init; }

    /// <summary>The job that it is made for.</summary>
    public LiveNodePacket Job { get; init; }

    /// <summary>Told the time (UTC) of each step, when the algorithm's securities know its prices.</summary>
    public Action<DateTime> Step { get; init; }

    /// <summary>Given its turn after each request and at each step, so that what is due now happens.</summary>
    public Action Pump { get; init; }

    /// <summary>Whether the data queue delivers a symbol's data at a time (UTC); null: always.</summary>
    public Func<Symbol, DateTime, bool> IsDelivered { get; init; }

    /// <summary>Makes the data queue, given what makes bars of its quotes; null: the data of the folder.</summary>
    public Func<IDataAggregator, IDataQueueHandler> DataQueue { get; init; }

    /// <summary>The host's clock, UTC; needed with a data queue.</summary>
    public Func<DateTime> UtcNow { get; init; }

    /// <summary>Waits until a time (UTC) has come; false: the run is over. Needed with a data queue.</summary>
    public Func<DateTime, bool> WaitUntil { get; init; }

    /// <summary>Told each message of the algorithm as it comes.</summary>
    public Action<string> Said { get; init; }
}

/// <summary>What came out of a backtest.</summary>
public sealed class BacktestResult
{
    /// <summary>True if the run came to its end without a runtime error.</summary>
    public bool Completed { get; internal set; }

    /// <summary>Last status of the algorithm.</summary>
    public AlgorithmStatus Status { get; internal set; }

    /// <summary>What stopped the run, null if nothing did.</summary>
    public Exception RuntimeError { get; internal set; }

    /// <summary>Data points that the algorithm was fed with, counted as LEAN does.</summary>
    public long DataPoints { get; internal set; }

    /// <summary>Debug, log and error messages in order; the first ten thousand.</summary>
    public IReadOnlyList<string> Messages { get; internal set; }

    /// <summary>Equity in the account currency at each midnight (algorithm's zone; time in UTC) and at the end.</summary>
    public IReadOnlyList<KeyValuePair<DateTime, decimal>> Equity { get; internal set; }
}

/// <summary>Runs an algorithm over historical data, in the calling thread.</summary>
public sealed class BacktestEngine
{
    private readonly BacktestOptions _options;

    /// <summary>An engine; make it before the algorithm, whose constructor may read the data folder.</summary>
    public BacktestEngine(BacktestOptions options)
    {
        _options = options;
        if (options.DataFolder != null)
            Config.Set("data-folder", options.DataFolder);
        Globals.Reset();
        Composer.Instance.Reset();
        SymbolCache.Clear();
    }

    /// <summary>Runs from Initialize to OnEndOfAlgorithm. Errors of the algorithm are in the result, not thrown.</summary>
    public BacktestResult Run(QCAlgorithm algorithm)
    {
        var result = new BacktestResult();
        var live = _options.Live;
        var messages = new MessageLog(algorithm, live?.Said);
        var queue = live?.DataQueue?.Invoke(new LiveBars(live.UtcNow));
        queue?.SetJob(live.Job);
        var data = new DataManager(algorithm, queue);
        algorithm.SubscriptionManager.SetDataManager(data);
        algorithm.Securities.SetSecurityService(new SecurityService(
            algorithm.Portfolio.CashBook,
            MarketHoursDatabase.FromDataFolder(),
            SymbolPropertiesDatabase.FromDataFolder(),
            algorithm,
            RegisteredSecurityDataTypesProvider.Null,
            new SecurityCacheProvider(algorithm.Portfolio),
            algorithm.Securities));
        algorithm.LiveMode = live != null;
        var liveSetup = live == null ? null : new LiveSetup(algorithm, live);
        var transactions = new TransactionHandler(
            algorithm,
            () => liveSetup == null ? _options.SetupHandler.CreateBrokerage(new BacktestNodePacket(), algorithm, out _) : liveSetup.CreateBrokerage(),
            live?.Pump);
        var schedule = new ScheduledEventRunner(algorithm);
        var feed = new Feed(algorithm, data, queue == null ? null : live);
        var loop = new AlgorithmLoop(algorithm, feed, transactions, schedule, messages, _options.Progress, live);
        try
        {
            if (queue != null)
                algorithm.StartLive(live.UtcNow());
            liveSetup?.Connect(messages);
            SetUp(algorithm, feed, liveSetup == null ? null : () => liveSetup.Load(transactions));
            if (liveSetup == null)
                transactions.Start();
            else
                liveSetup.Listen(transactions);
            algorithm.SetLocked();
            schedule.Start();
            loop.Run();
            transactions.Exit();
        }
        catch (Exception error)
        {
            if (algorithm.RunTimeError == null)
                algorithm.SetRuntimeError(error, algorithm.GetLocked() ? "the engine" : "Initialize");
        }
        finally
        {
            liveSetup?.End();
            data.Exit();
            queue?.Dispose();
            messages.Drain();
        }
        result.RuntimeError = algorithm.RunTimeError;
        result.Completed = result.RuntimeError == null;
        result.Status = algorithm.Status;
        result.DataPoints = loop.DataPoints;
        result.Equity = loop.Equity;
        result.Messages = messages.Lines;
        return result;
    }

    private void SetUp(QCAlgorithm algorithm, Feed feed, Action load)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var parameter in _options.Parameters ?? new Dictionary<string, string>())
            parameters[parameter.Key] = parameter.Value;
        algorithm.SetParameters(parameters);
        algorithm.Initialize();
        algorithm.Settings.TradingDaysPerYear ??= Is365(algorithm.BrokerageModel.GetType().Name) ? 365 : 252;
        load?.Invoke();
        algorithm.PostInitialize();
        feed.SetUpCurrencies();
    }

    // LEAN asks for the type of the brokerage model; derived ones (futures, US) count as well.
    private static bool Is365(string model) =>
        model.StartsWith("Binance", StringComparison.Ordinal) || model is "BybitBrokerageModel" or "KrakenBrokerageModel" or "CoinbaseBrokerageModel";
}

/// <summary>Collects the algorithm's messages, bounded, and tells them on.</summary>
internal sealed class MessageLog(QCAlgorithm algorithm, Action<string> said)
{
    private const int Limit = 10_000;
    private readonly QCAlgorithm _algorithm = algorithm;
    public List<string> Lines { get; } = new();

    public void Drain()
    {
        Take(_algorithm.DebugMessages);
        Take(_algorithm.LogMessages);
        Take(_algorithm.ErrorMessages);
    }

    private void Take(System.Collections.Concurrent.ConcurrentQueue<string> queue)
    {
        while (!queue.IsEmpty && queue.TryDequeue(out var line))
        {
            said?.Invoke(line);
            if (Lines.Count < Limit)
                Lines.Add(line);
        }
    }
}
