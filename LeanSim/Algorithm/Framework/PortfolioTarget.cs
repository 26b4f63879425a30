namespace QuantConnect.Algorithm.Framework.Portfolio
{
    /// <summary>A wanted holding.</summary>
    public interface IPortfolioTarget
    {
        Symbol Symbol { get; }
        decimal Quantity { get; }
        string Tag { get; }
    }

    /// <summary>A wanted holding.</summary>
    public class PortfolioTarget(Symbol symbol, decimal quantity, string tag = "") : IPortfolioTarget
    {
        public PortfolioTarget(Symbol symbol, int quantity, string tag = "")
            : this(symbol, (decimal)quantity, tag) { }
        public static bool? MinimumOrderMarginPercentageWarningSent { get; set; }
        public Symbol Symbol { get; } = symbol;
        public decimal Quantity { get; } = quantity;
        public string Tag { get; } = tag;
        public static IPortfolioTarget Percent(IAlgorithm algorithm, Symbol symbol, double percent)
            => Percent(algorithm, symbol, percent.SafeDecimalCast());
        public static IPortfolioTarget Percent(IAlgorithm algorithm, Symbol symbol, decimal percent, bool returnDeltaQuantity = false, string tag = "")
        {
            var settings = algorithm.Settings;
            var size = Math.Abs(percent);
            if (size > settings.MaxAbsolutePortfolioTargetPercentage || size != 0 && size < settings.MinAbsolutePortfolioTargetPercentage)
            {
                algorithm.Error($"The portfolio target of {percent.ToStringInvariant()} is outside of the limits in Settings.");
                return null;
            }
            if (!algorithm.Securities.TryGetValue(symbol, out var security))
            {
                algorithm.Error($"{symbol} is not among the securities: add it first.");
                return null;
            }
            if (security.Price == 0)
            {
                algorithm.Error($"{symbol} has no price yet.");
                return null;
            }
            var portfolio = algorithm.Portfolio;
            var fraction = percent * portfolio.TotalPortfolioValueLessFreeBuffer / portfolio.TotalPortfolioValue;
            var result = security.BuyingPowerModel.GetMaximumOrderQuantityForTargetBuyingPower(
                new GetMaximumOrderQuantityForTargetBuyingPowerParameters(portfolio, security,
                    fraction / security.BuyingPowerModel.GetLeverage(security), settings.MinimumOrderMarginPortfolioPercentage));
            if (result.IsError)
            {
                algorithm.Error($"No order quantity for {symbol}: {result.Reason}");
                return null;
            }
            if (MinimumOrderMarginPercentageWarningSent == false)
            {
                MinimumOrderMarginPercentageWarningSent = true;
                algorithm.Debug("Orders below Settings.MinimumOrderMarginPortfolioPercentage of the portfolio are not sent.");
            }
            var lot = security.SymbolProperties.LotSize;
            var quantity = result.Quantity / lot * lot;
            return new PortfolioTarget(symbol, returnDeltaQuantity ? quantity : quantity + security.Holdings.Quantity, tag);
        }
        public override string ToString()
            => string.Create(CultureInfo.InvariantCulture, $"{Symbol}: {Quantity.Normalize()}{(string.IsNullOrEmpty(Tag) ? "" : $" ({Tag})")}");
    }

    /// <summary>The latest target of each symbol.</summary>
    public class PortfolioTargetCollection : ICollection<IPortfolioTarget>, IDictionary<Symbol, IPortfolioTarget>
    {
        private readonly Dictionary<Symbol, IPortfolioTarget> _targets = new();
        private List<IPortfolioTarget> _snapshot;
        public int Count => _targets.Count;
        public bool IsEmpty => _targets.Count == 0;
        public bool IsReadOnly => false;
        public ICollection<Symbol> Keys => _targets.Keys.ToList();
        public ICollection<IPortfolioTarget> Values => Snapshot;
        public IPortfolioTarget this[Symbol symbol]
        {
            get => _targets[symbol];
            set
            {
                _snapshot = null;
                _targets[symbol] = value;
            }
        }
        public void Add(IPortfolioTarget target)
        {
            if (target != null)
                this[target.Symbol] = target;
        }
        public void Add(KeyValuePair<Symbol, IPortfolioTarget> target) => Add(target.Value);
        public void Add(Symbol symbol, IPortfolioTarget target) => Add(target);
        public void AddRange(IEnumerable<IPortfolioTarget> targets)
        {
            foreach (var target in targets)
                this[target.Symbol] = target;
        }
        public void AddRange(IPortfolioTarget[] targets) => AddRange((IEnumerable<IPortfolioTarget>)targets);
        public void Clear()
        {
            _snapshot = null;
            _targets.Clear();
        }
        public void ClearFulfilled(IAlgorithm algorithm)
        {
            foreach (var target in Snapshot)
            {
                var security = algorithm.Securities[target.Symbol];
                if (Math.Abs(target.Quantity - security.Holdings.Quantity) < security.SymbolProperties.LotSize)
                    Remove(target.Symbol);
            }
        }
        public bool Contains(IPortfolioTarget target) => target != null && _targets.ContainsKey(target.Symbol);
        public bool Contains(KeyValuePair<Symbol, IPortfolioTarget> target) => Contains(target.Value);
        public bool ContainsKey(Symbol symbol) => _targets.ContainsKey(symbol);
        public void CopyTo(IPortfolioTarget[] array, int arrayIndex) => _targets.Values.CopyTo(array, arrayIndex);
        public void CopyTo(KeyValuePair<Symbol, IPortfolioTarget>[] array, int arrayIndex)
            => ((ICollection<KeyValuePair<Symbol, IPortfolioTarget>>)_targets).CopyTo(array, arrayIndex);
        public bool Remove(Symbol symbol)
        {
            _snapshot = null;
            return _targets.Remove(symbol);
        }
        public bool Remove(KeyValuePair<Symbol, IPortfolioTarget> target) => Remove(target.Value);
        public bool Remove(IPortfolioTarget target)
            => target != null && _targets.TryGetValue(target.Symbol, out var existing) && existing.Equals(target) && Remove(target.Symbol);
        public bool TryGetValue(Symbol symbol, out IPortfolioTarget target) => _targets.TryGetValue(symbol, out target);
        public IEnumerator<IPortfolioTarget> GetEnumerator() => Snapshot.GetEnumerator();
        IEnumerator<KeyValuePair<Symbol, IPortfolioTarget>> IEnumerable<KeyValuePair<Symbol, IPortfolioTarget>>.GetEnumerator()
            => _targets.ToList().GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        public IEnumerable<IPortfolioTarget> OrderByMarginImpact(IAlgorithm algorithm)
            => IsEmpty ? Enumerable.Empty<IPortfolioTarget>() : this.OrderTargetsByMarginImpact(algorithm);
        private List<IPortfolioTarget> Snapshot => _snapshot ??= _targets.Values.ToList();
    }
}

namespace QuantConnect
{
    public static partial class Extensions
    {
        public static IEnumerable<IPortfolioTarget> OrderTargetsByMarginImpact(this IEnumerable<IPortfolioTarget> targets, IAlgorithm algorithm, bool targetIsDelta = false)
        {
            if (algorithm.IsWarmingUp)
                return Enumerable.Empty<IPortfolioTarget>();
            return Impacts(targets, algorithm, targetIsDelta).OrderByDescending(x => x.Reduces).ThenByDescending(x => x.Value).Select(x => x.Target);
        }
        private static IEnumerable<(IPortfolioTarget Target, bool Reduces, decimal Value)> Impacts(IEnumerable<IPortfolioTarget> targets, IAlgorithm algorithm, bool isDelta)
        {
            foreach (var target in targets)
            {
                var security = algorithm.Securities[target.Symbol];
                var wanted = OrderSizing.AdjustByLotSize(security, target.Quantity);
                var existing = algorithm.Transactions.GetProjectedHoldings(security).ProjectedQuantity;
                var change = isDelta ? wanted : wanted - existing;
                if (security.HasData && security.IsTradable && Math.Abs(change) >= security.SymbolProperties.LotSize)
                {
                    var final = isDelta ? existing + wanted : wanted;
                    yield return (target, existing != 0 && Math.Abs(final) < Math.Abs(existing), Math.Abs(change * security.Price));
                }
            }
        }
    }
}
