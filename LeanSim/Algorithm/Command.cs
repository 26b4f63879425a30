using System;
using System.Collections.Generic;
using System.Dynamic;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using QuantConnect.Interfaces;

namespace QuantConnect.Commands;

/// <summary>A message to a running algorithm, with named values.</summary>
public class Command : DynamicObject
{
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);

    protected string PayloadData { get; set; }

    /// <summary>Keeps a value; JSON arrays and objects become lists and dictionaries.</summary>
    public object SetProperty(string name, object value) => _values[name] = value switch
    {
        JArray array => array.ToObject<List<object>>(),
        JObject item => item.ToObject<Dictionary<string, object>>(),
        _ => value
    };

    /// <summary>A kept value, else a property or field of a derived type, else null.</summary>
    public object GetProperty(string name)
    {
        if (_values.TryGetValue(name, out var value) || GetType() == typeof(Command))
        {
            return value;
        }
        return GetType().GetProperty(name)?.GetValue(this) ?? GetType().GetField(name)?.GetValue(this);
    }

    public override bool TryGetMember(GetMemberBinder binder, out object result)
    {
        result = GetProperty(binder.Name);
        return true;
    }

    public override bool TrySetMember(SetMemberBinder binder, object value)
    {
        SetProperty(binder.Name, value);
        return true;
    }

    public override IEnumerable<string> GetDynamicMemberNames() => _values.Keys;
    public virtual bool? Run(IAlgorithm algorithm) => throw new NotImplementedException($"{GetType().Name} does not override Command.Run.");
    public override string ToString() => string.IsNullOrEmpty(PayloadData) ? JsonConvert.SerializeObject(this) : PayloadData;
}
