namespace QuantConnect.Util;

/// <summary>Holds the parts of a run that find each other by their types.</summary>
public class Composer
{
    private readonly Dictionary<Type, List<object>> _parts = new();

    public static Composer Instance { get; } = new();

    public void AddPart<T>(T instance)
    {
        lock (_parts)
        {
            if (!_parts.TryGetValue(typeof(T), out var parts))
                _parts[typeof(T)] = parts = new List<object>();
            parts.Add(instance);
        }
    }

    public IEnumerable<T> GetParts<T>()
    {
        lock (_parts)
            return _parts.TryGetValue(typeof(T), out var parts) ? parts.Cast<T>().ToList() : new List<T>();
    }

    public IEnumerable<T> GetExportedValues<T>() => GetParts<T>();

    public T GetExportedValueByTypeName<T>(string typeName, bool forceTypeNameOnExisting = true)
        where T : class =>
        GetParts<T>().FirstOrDefault(part => !forceTypeNameOnExisting || part.GetType().Name == typeName || part.GetType().FullName == typeName)
            ?? throw new ArgumentException($"There is no part {typeName}: add it with AddPart");

    public void Reset()
    {
        lock (_parts)
            _parts.Clear();
    }
}
