namespace QuantConnect.Interfaces
{
    /// <summary>Brings the cash book in line with the brokerage.</summary>
    public interface IBrokerageCashSynchronizer
    {
        bool ShouldPerformCashSync(DateTime currentTimeUtc);
        bool PerformCashSync(IAlgorithm algorithm, DateTime currentTimeUtc, Func<TimeSpan> getTimeSinceLastFill);
    }

    /// <summary>Takes orders and tells what becomes of them.</summary>
    public interface IBrokerage : IBrokerageCashSynchronizer, IDisposable
    {
        event EventHandler<BrokerageOrderIdChangedEvent> OrderIdChanged;
        event EventHandler<List<OrderEvent>> OrdersStatusChanged;
        event EventHandler<NewBrokerageOrderNotificationEventArgs> NewBrokerageOrderNotification;
        event EventHandler<AccountEvent> AccountChanged;
        event EventHandler<BrokerageMessageEvent> Message;
        string Name { get; }
        bool IsConnected { get; }
        bool AccountInstantlyUpdated { get; }
        string AccountBaseCurrency { get; }
        bool ConcurrencyEnabled { get; set; }
        List<Order> GetOpenOrders();
        List<Holding> GetAccountHoldings();
        List<CashAmount> GetCashBalance();
        IEnumerable<BaseData> GetHistory(HistoryRequest request);
        bool PlaceOrder(Order order);
        bool UpdateOrder(Order order);
        bool CancelOrder(Order order);
        void Connect();
        void Disconnect();
    }

    /// <summary>Makes a brokerage.</summary>
    public interface IBrokerageFactory : IDisposable
    {
        Type BrokerageType { get; }
        Dictionary<string, string> BrokerageData { get; }
        IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider);
        IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm);
        IBrokerageMessageHandler CreateBrokerageMessageHandler(IAlgorithm algorithm, AlgorithmNodePacket job, IApi api);
    }

    /// <summary>QuantConnect's service.</summary>
    public interface IApi { }
}

namespace QuantConnect.Brokerages
{
    /// <summary>An order that was placed at the brokerage itself.</summary>
    public class NewBrokerageOrderNotificationEventArgs(Order order)
    {
        public Order Order { get; set; } = order;
    }

    /// <summary>Says what a message of the brokerage does to the algorithm.</summary>
    public interface IBrokerageMessageHandler
    {
        void HandleMessage(BrokerageMessageEvent message);
        bool HandleOrder(NewBrokerageOrderNotificationEventArgs eventArgs);
    }

    /// <summary>A brokerage that reports to whoever listens.</summary>
    public abstract class Brokerage(string name) : IBrokerage
    {
        public event EventHandler<BrokerageOrderIdChangedEvent> OrderIdChanged;
        public event EventHandler<List<OrderEvent>> OrdersStatusChanged;
        public event EventHandler<NewBrokerageOrderNotificationEventArgs> NewBrokerageOrderNotification;
        public event EventHandler<AccountEvent> AccountChanged;
        public event EventHandler<BrokerageMessageEvent> Message;
        public string Name { get; } = name;
        public abstract bool IsConnected { get; }
        public virtual bool ConcurrencyEnabled { get; set; }
        public virtual bool AccountInstantlyUpdated => false;
        public virtual string AccountBaseCurrency { get; protected set; }
        public abstract bool PlaceOrder(Order order);
        public abstract bool UpdateOrder(Order order);
        public abstract bool CancelOrder(Order order);
        public abstract void Connect();
        public abstract void Disconnect();
        public abstract List<Order> GetOpenOrders();
        public abstract List<Holding> GetAccountHoldings();
        public abstract List<CashAmount> GetCashBalance();
        public virtual IEnumerable<BaseData> GetHistory(HistoryRequest request) => Enumerable.Empty<BaseData>();
        public virtual void Dispose() { }

        public virtual bool ShouldPerformCashSync(DateTime currentTimeUtc) =>
            throw new NotSupportedException("LeanSim has no daily cash sync: override ShouldPerformCashSync");

        public virtual bool PerformCashSync(IAlgorithm algorithm, DateTime currentTimeUtc, Func<TimeSpan> getTimeSinceLastFill)
        {
            var balances = GetCashBalance();
            foreach (var balance in balances)
                if (!algorithm.Portfolio.CashBook.ContainsKey(balance.Currency) && balance.Amount != 0)
                    algorithm.Portfolio.SetCash(balance.Currency, balance.Amount, 0);
            foreach (var cash in algorithm.Portfolio.CashBook.Values)
                cash.SetAmount(balances.Find(balance => balance.Currency == cash.Symbol).Amount);
            return true;
        }

        protected virtual void OnOrderEvent(OrderEvent e) => OnOrderEvents(new List<OrderEvent>(1) { e });
        protected virtual void OnOrderEvents(List<OrderEvent> orderEvents) => Raise(OrdersStatusChanged, orderEvents);
        protected virtual void OnOrderIdChangedEvent(BrokerageOrderIdChangedEvent e) => Raise(OrderIdChanged, e);
        protected virtual void OnNewBrokerageOrderNotification(NewBrokerageOrderNotificationEventArgs e) => Raise(NewBrokerageOrderNotification, e);
        protected virtual void OnAccountChanged(AccountEvent e) => Raise(AccountChanged, e);
        protected virtual void OnMessage(BrokerageMessageEvent e) => Raise(Message, e);

        /// <summary>An error while an event is handled is logged; the algorithm's own errors stop it elsewhere.</summary>
        private void Raise<T>(EventHandler<T> handler, T e)
        {
            try
            {
                handler?.Invoke(this, e);
            }
            catch (Exception error)
            {
                Log.Error(error);
            }
        }
    }

    /// <summary>Makes brokerages of one type.</summary>
    public abstract class BrokerageFactory(Type brokerageType) : IBrokerageFactory
    {
        public Type BrokerageType { get; } = brokerageType;
        public abstract Dictionary<string, string> BrokerageData { get; }
        public abstract IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider);
        public abstract IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm);
        public abstract void Dispose();

        public virtual IBrokerageMessageHandler CreateBrokerageMessageHandler(IAlgorithm algorithm, AlgorithmNodePacket job, IApi api) =>
            throw new NotSupportedException("LeanSim has no message handler of its own");
    }
}

namespace QuantConnect.Orders
{
    /// <summary>A brokerage gave an order other ids.</summary>
    public class BrokerageOrderIdChangedEvent : EventArgs
    {
        public int OrderId { get; set; }
        public List<string> BrokerId { get; set; }
    }
}

namespace QuantConnect.Securities
{
    /// <summary>A balance of the brokerage changed.</summary>
    public class AccountEvent(string currencySymbol, decimal cashBalance)
    {
        public string CurrencySymbol { get; private set; } = currencySymbol;
        public decimal CashBalance { get; private set; } = cashBalance;
    }
}

namespace QuantConnect
{
    /// <summary>A position at the brokerage.</summary>
    public class Holding
    {
        public Symbol Symbol { get; set; } = Symbol.Empty;
        public decimal AveragePrice { get; set; }
        public decimal Quantity { get; set; }
        public decimal MarketPrice { get; set; }
        public string CurrencySymbol { get; set; }
    }
}
