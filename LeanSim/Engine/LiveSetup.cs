namespace LeanSim;

/// <summary>How LEAN starts and ends a live algorithm: what it asks of the brokerage, in which order.</summary>
internal static class LiveSetup
{
    public static IBrokerage CreateBrokerage(QCAlgorithm algorithm, LiveOptions live)
    {
        Say(live, "CreateBrokerage");
        var brokerage = live.Factory.CreateBrokerage(live.Job, algorithm);
        Composer.Instance.AddPart(brokerage);
        return brokerage;
    }

    /// <summary>The history provider connects first, then the set-up, before Initialize.</summary>
    public static void Connect(QCAlgorithm algorithm, LiveOptions live, IBrokerage brokerage)
    {
        var handler = live.Factory.CreateBrokerageMessageHandler(algorithm, live.Job, null);
        brokerage.Message += (_, message) => handler.HandleMessage(message);
        brokerage.NewBrokerageOrderNotification += (_, found) => handler.HandleOrder(found);
        for (var i = 0; i < 2; i++)
        {
            Say(live, "Connect");
            brokerage.Connect();
        }
        Say(live, "IsConnected");
        if (!brokerage.IsConnected)
            throw new InvalidOperationException("The brokerage is not connected");
        if (brokerage.AccountBaseCurrency != null)
            throw new NotSupportedException("LeanSim does not take the account currency from the brokerage");
        algorithm.SetBrokerageModel(live.Factory.GetBrokerageModel(algorithm.Transactions));
        algorithm.Portfolio.MarginCallModel = MarginCallModel.Null;
    }

    /// <summary>After Initialize: the cash that the algorithm set is gone, what the brokerage has counts.</summary>
    public static void Load(QCAlgorithm algorithm, LiveOptions live, TransactionHandler transactions)
    {
        var brokerage = transactions.Brokerage;
        foreach (var cash in algorithm.Portfolio.CashBook.Values)
            cash.SetAmount(0);
        Say(live, "GetCashBalance");
        foreach (var balance in brokerage.GetCashBalance())
            if (balance.Amount != 0 || balance.Currency == algorithm.AccountCurrency)
                algorithm.Portfolio.SetCash(balance.Currency, balance.Amount, 0);
        Say(live, "GetOpenOrders");
        foreach (var order in brokerage.GetOpenOrders())
            transactions.AddOpenOrder(order);
        Say(live, "GetAccountHoldings");
        foreach (var holding in brokerage.GetAccountHoldings())
            algorithm.Securities[holding.Symbol].Holdings.SetHoldings(holding.AveragePrice, holding.Quantity);
    }

    public static void End(LiveOptions live, IBrokerage brokerage)
    {
        Say(live, "Disconnect");
        brokerage.Disconnect();
        Say(live, "Dispose");
        brokerage.Dispose();
    }

    private static void Say(LiveOptions live, string call) => live.Called?.Invoke(call);
}
