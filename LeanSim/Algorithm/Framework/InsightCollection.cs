namespace QuantConnect.Algorithm.Framework.Alphas
{
    /// <summary>Insights by symbol, in order of first use.</summary>
    public class InsightCollection : IEnumerable<Insight>
    {
        private readonly Dictionary<Symbol, List<Insight>> _open = new();
        private readonly List<Insight> _all = new();
        public int Count { get; private set; }
        public int TotalCount { get; private set; }
        public void Add(Insight item)
        {
            if (!_open.TryGetValue(item.Symbol, out var insights))
                _open[item.Symbol] = insights = new List<Insight>();
            insights.Add(item);
            _all.Add(item);
            Count++;
            TotalCount++;
        }
        public void AddRange(IEnumerable<Insight> insights)
        {
            foreach (var insight in insights)
                Add(insight);
        }
        public bool Remove(Insight item)
        {
            if (!_open.TryGetValue(item.Symbol, out var insights) || !insights.Remove(item))
                return false;
            Count--;
            if (insights.Count == 0)
                _open.Remove(item.Symbol);
            return true;
        }
        public bool TryGetValue(Symbol symbol, out List<Insight> insights)
        {
            var found = _open.TryGetValue(symbol, out var list);
            insights = list?.ToList();
            return found;
        }
        public IEnumerator<Insight> GetEnumerator() => _open.SelectMany(x => x.Value).ToList().GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
        public DateTime? GetNextExpiryTime() => Count == 0 ? null : this.Min(x => x.CloseTimeUtc);
        public ICollection<Insight> GetActiveInsights(DateTime utcTime)
            => Count == 0 ? new List<Insight>() : this.Where(x => x.IsActive(utcTime)).ToList();
        public bool HasActiveInsights(Symbol symbol, DateTime utcTime)
            => _open.TryGetValue(symbol, out var insights) && insights.Exists(x => x.IsActive(utcTime));
        public ICollection<Insight> RemoveExpiredInsights(DateTime utcTime)
        {
            if (Count == 0)
                return new List<Insight>();
            var expired = this.Where(x => x.IsExpired(utcTime)).ToList();
            expired.ForEach(x => Remove(x));
            return expired;
        }
    }
}

namespace QuantConnect.Algorithm.Framework.Alphas.Analysis
{
    /// <summary>The algorithm's insights.</summary>
    public class InsightManager(IAlgorithm algorithm) : InsightCollection
    {
        private readonly IAlgorithm _algorithm = algorithm;
        public void Step(DateTime utcNow) { }
        public void Expire(IEnumerable<Symbol> symbols)
        {
            foreach (var symbol in symbols ?? Enumerable.Empty<Symbol>())
                if (TryGetValue(symbol, out var insights))
                    Expire(insights);
        }
        public void Expire(IEnumerable<Insight> insights)
        {
            foreach (var insight in insights ?? Enumerable.Empty<Insight>())
                insight.Expire(_algorithm.UtcTime);
        }
    }
}
