namespace Common.Util
{
    /// <summary>A dictionary that cannot be changed.</summary>
    public class ReadOnlyExtendedDictionary<TKey, TValue>(IDictionary<TKey, TValue> dictionary) : IReadOnlyDictionary<TKey, TValue>
    {
        private readonly Dictionary<TKey, TValue> _values = new Dictionary<TKey, TValue>(dictionary);
        public virtual int Count => _values.Count;
        public virtual TValue this[TKey key] => _values[key];
        IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => _values.Keys;
        IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => _values.Values;
        public virtual bool ContainsKey(TKey key) => _values.ContainsKey(key);
        public virtual bool TryGetValue(TKey key, out TValue value) => _values.TryGetValue(key, out value);
        public virtual IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _values.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace QuantConnect.Parameters
{
    /// <summary>Fills a field or property of the algorithm from the parameter of its name.</summary>
    [AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
    public class ParameterAttribute(string name = null) : Attribute
    {
        public const BindingFlags BindingFlags = System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic
            | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Instance;
        public string Name { get; private set; } = name;
        public static void ApplyAttributes(Dictionary<string, string> parameters, object instance)
        {
            ArgumentNullException.ThrowIfNull(instance);
            foreach (var field in instance.GetType().GetFields(BindingFlags))
                Apply(parameters, field, field.FieldType, value => field.SetValue(instance, value));
            foreach (var property in instance.GetType().GetProperties(BindingFlags))
                Apply(parameters, property, property.PropertyType, value => property.SetValue(instance, value));
        }
        private static void Apply(Dictionary<string, string> parameters, MemberInfo member, Type type, Action<object> set)
        {
            var attribute = member.GetCustomAttribute<ParameterAttribute>();
            if (attribute == null || !parameters.TryGetValue(attribute.Name ?? member.Name, out var text))
                return;
            if (string.IsNullOrEmpty(text))
            {
                Log.Error($"The parameter '{attribute.Name ?? member.Name}' is empty: skipped.");
                return;
            }
            if (member is PropertyInfo { CanWrite: false })
                throw new InvalidOperationException($"{member.DeclaringType}.{member.Name} is a parameter but read only.");
            set(text.ConvertTo(type));
        }
    }
}
