namespace LeanSim;

/// <summary>How LEAN starts and ends a live algorithm: what it asks of the brokerage and its factory, in which order.</summary>
internal sealed class LiveSetup(QCAlgorithm algorithm, LiveOptions live)
{
    private readonly List<string> _errors = new();
    private IBrokerage _brokerage;
    private IBrokerageMessageHandler _handler;

    public IBrokerage CreateBrokerage()
    {
        _brokerage = live.Factory.CreateBrokerage(live.Job, algorithm);
        Composer.Instance.AddPart(_brokerage);
        return _brokerage;
    }

    /// <summary>Before Initialize. What the brokerage calls an error from here to the end of <see cref="Load"/> fails the start.</summary>
    public void Connect(MessageLog messages)
    {
        _brokerage.Message += (_, message) => messages.Lines.Add(message.Message);
        _handler = live.Factory.CreateBrokerageMessageHandler(algorithm, live.Job, null);
        _brokerage.Message += (_, message) => _handler.HandleMessage(message);
        _brokerage.Message += CollectError;
        _brokerage.Connect();
        if (!_brokerage.IsConnected)
            throw new InvalidOperationException("The brokerage is not connected");
        if (_brokerage.AccountBaseCurrency != null && _brokerage.AccountBaseCurrency != algorithm.AccountCurrency)
            throw new NotSupportedException("LeanSim does not take the account currency from the brokerage");
        algorithm.SetBrokerageModel(live.Factory.GetBrokerageModel(algorithm.Transactions));
        algorithm.Portfolio.MarginCallModel = MarginCallModel.Null;
    }

    /// <summary>After Initialize: the cash that the algorithm set is gone, what the brokerage has counts.</summary>
    public void Load(TransactionHandler transactions)
    {
        foreach (var cash in algorithm.Portfolio.CashBook.Values)
            cash.SetAmount(0);
        foreach (var balance in _brokerage.GetCashBalance())
            if (balance.Amount != 0 || balance.Currency == algorithm.AccountCurrency)
                algorithm.Portfolio.SetCash(balance.Currency, balance.Amount, 0);
        foreach (var order in _brokerage.GetOpenOrders())
            transactions.AddOpenOrder(order);
        foreach (var holding in _brokerage.GetAccountHoldings())
            algorithm.Securities[holding.Symbol].Holdings.SetHoldings(holding.AveragePrice, holding.Quantity);
        _brokerage.Message -= CollectError;
        if (_errors.Count > 0)
            throw new InvalidOperationException(string.Join(Environment.NewLine, _errors));
    }

    /// <summary>When the algorithm is ready, orders are listened to.</summary>
    public void Listen(TransactionHandler transactions)
    {
        transactions.Start();
        _brokerage.AccountChanged += (_, change) => { if (_brokerage.AccountInstantlyUpdated) algorithm.Portfolio.CashBook[change.CurrencySymbol].SetAmount(change.CashBalance); };
        _brokerage.NewBrokerageOrderNotification += (_, found) => { if (_handler.HandleOrder(found)) transactions.AddOpenOrder(found.Order); };
        _brokerage.OrderIdChanged += (_, change) => transactions.ChangeBrokerId(change.OrderId, change.BrokerId);
    }

    public void End()
    {
        _brokerage.Disconnect();
        _brokerage.Dispose();
    }

    private void CollectError(object sender, BrokerageMessageEvent message)
    {
        if (message.Type == BrokerageMessageType.Error)
            _errors.Add(message.Message);
    }
}
