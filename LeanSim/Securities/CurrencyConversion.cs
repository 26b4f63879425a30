namespace QuantConnect.Securities.CurrencyConversion;

/// <summary>Gives the rate from one currency to another.</summary>
public interface ICurrencyConversion
{
    event EventHandler<decimal> ConversionRateUpdated;
    string DestinationCurrency { get; }
    decimal ConversionRate { get; set; }
    IEnumerable<Security> ConversionRateSecurities { get; }
    void Update();
}

/// <summary>A rate that changes only when it is set.</summary>
public class ConstantCurrencyConversion(string sourceCurrency, string destinationCurrency, decimal conversionRate = 1m) : ICurrencyConversion
{
    private decimal _rate = conversionRate;
    public event EventHandler<decimal> ConversionRateUpdated;
    public string SourceCurrency { get; } = sourceCurrency;
    public string DestinationCurrency { get; } = destinationCurrency;

    public decimal ConversionRate
    {
        get => _rate;
        set
        {
            if (_rate != value)
            {
                _rate = value;
                ConversionRateUpdated?.Invoke(this, value);
            }
        }
    }

    public IEnumerable<Security> ConversionRateSecurities => [];

    public void Update() { }

    public static ConstantCurrencyConversion Identity(string sourceCurrency, string destinationCurrency = null) =>
        new(sourceCurrency, destinationCurrency ?? sourceCurrency);

    public static ConstantCurrencyConversion Null(string sourceCurrency, string destinationCurrency) => new(sourceCurrency, destinationCurrency, 0m);
}

/// <summary>A rate from the last prices of one or two securities.</summary>
public class SecurityCurrencyConversion : ICurrencyConversion
{
    private readonly (Security Security, bool Inverted)[] _legs;
    private decimal _rate;
    private bool _stale;
    public event EventHandler<decimal> ConversionRateUpdated;
    public string SourceCurrency { get; }
    public string DestinationCurrency { get; }

    public decimal ConversionRate
    {
        get
        {
            if (_stale)
            {
                var rate = 1m;
                foreach (var (security, inverted) in _legs)
                {
                    var price = security.GetLastData()?.Price ?? 0m;
                    if (price == 0m)
                    {
                        rate = 0m;
                        break;
                    }
                    rate = inverted ? rate / price : rate * price;
                }
                _stale = false;
                _rate = rate;
                ConversionRateUpdated?.Invoke(this, rate);
            }
            return _rate;
        }
        set
        {
            if (_rate != value)
            {
                _rate = value;
                _stale = false;
                ConversionRateUpdated?.Invoke(this, value);
            }
        }
    }

    public IEnumerable<Security> ConversionRateSecurities => _legs.Select(leg => leg.Security).ToList();

    private SecurityCurrencyConversion(string sourceCurrency, string destinationCurrency, params (Security, bool)[] legs)
    {
        SourceCurrency = sourceCurrency;
        DestinationCurrency = destinationCurrency;
        _legs = legs;
    }

    public void Update() => _stale = true;

    // The first path of one leg, else of two, in the order of the pairs; null when there is none.
    internal static SecurityCurrencyConversion Find(
        string source, string destination, IReadOnlyList<ConversionPair> pairs, Func<ConversionPair, Security> getSecurity)
    {
        foreach (var pair in pairs)
        {
            var match = pair.Compare(source, destination);
            if (match != CurrencyPairUtil.Match.NoMatch)
                return new(source, destination, Leg(pair, match == CurrencyPairUtil.Match.InverseMatch));
        }
        foreach (var first in pairs)
        {
            var middle = CurrencyPairUtil.CurrencyPairDual(first.Base, first.Quote, source);
            if (middle == null)
                continue;
            foreach (var second in pairs)
            {
                var match = second.Compare(middle, destination);
                if (match != CurrencyPairUtil.Match.NoMatch)
                {
                    var leg = Leg(first, source == first.Quote);
                    return new(source, destination, leg, Leg(second, match == CurrencyPairUtil.Match.InverseMatch));
                }
            }
        }
        return null;
        (Security, bool) Leg(ConversionPair pair, bool inverted) => (getSecurity(pair), inverted);
    }
}

// a pair that may give a rate
internal sealed record ConversionPair(string Ticker, SecurityType Type, string Market, string Base, string Quote)
{
    public CurrencyPairUtil.Match Compare(string baseCurrency, string quoteCurrency) =>
        CurrencyPairUtil.Compare(Base, Quote, Market, baseCurrency, quoteCurrency);
}
