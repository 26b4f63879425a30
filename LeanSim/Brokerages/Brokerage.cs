namespace QuantConnect.Interfaces
{
    /// <summary>Takes orders and tells what becomes of them.</summary>
    public interface IBrokerage
    {
        event EventHandler<List<OrderEvent>> OrdersStatusChanged;
        string Name { get; }
        bool PlaceOrder(Order order);
        bool UpdateOrder(Order order);
        bool CancelOrder(Order order);
    }

    /// <summary>Makes a brokerage.</summary>
    public interface IBrokerageFactory { }
}

namespace QuantConnect.Brokerages
{
    /// <summary>A brokerage that reports to whoever listens.</summary>
    public abstract class Brokerage(string name) : IBrokerage
    {
        public event EventHandler<List<OrderEvent>> OrdersStatusChanged;

        public string Name { get; } = name;

        public abstract bool PlaceOrder(Order order);
        public abstract bool UpdateOrder(Order order);
        public abstract bool CancelOrder(Order order);

        protected virtual void OnOrderEvent(OrderEvent e) => OnOrderEvents(new List<OrderEvent>(1) { e });

        /// <summary>An error while an event is handled is logged; the algorithm's own errors stop it elsewhere.</summary>
        protected virtual void OnOrderEvents(List<OrderEvent> orderEvents)
        {
            try
            {
                OrdersStatusChanged?.Invoke(this, orderEvents);
            }
            catch (Exception error)
            {
                Log.Error(error);
            }
        }
    }
}
