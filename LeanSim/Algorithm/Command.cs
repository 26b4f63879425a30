using System;
using System.Collections.Generic;
using System.Dynamic;
using System.Linq.Expressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using QuantConnect.Interfaces;

namespace QuantConnect.Commands;

/// <summary>A message to a running algorithm, with named values.</summary>
public class Command : IDynamicMetaObjectProvider
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

    /// <summary>Binds command.Name to <see cref="GetProperty"/> and <see cref="SetProperty"/>.</summary>
    public DynamicMetaObject GetMetaObject(Expression parameter) => new ByName(parameter, this);

    public virtual bool? Run(IAlgorithm algorithm) => throw new NotImplementedException($"{GetType().Name} does not override Command.Run.");
    public override string ToString() => string.IsNullOrEmpty(PayloadData) ? JsonConvert.SerializeObject(this) : PayloadData;

    private sealed class ByName(Expression expression, Command command) : DynamicMetaObject(expression, BindingRestrictions.Empty, command)
    {
        public override DynamicMetaObject BindGetMember(GetMemberBinder binder) => Call(nameof(GetProperty), Expression.Constant(binder.Name));

        public override DynamicMetaObject BindSetMember(SetMemberBinder binder, DynamicMetaObject value) =>
            Call(nameof(SetProperty), Expression.Constant(binder.Name), Expression.Convert(value.Expression, typeof(object)));

        public override IEnumerable<string> GetDynamicMemberNames() => command._values.Keys;

        private DynamicMetaObject Call(string method, params Expression[] arguments) => new(
            Expression.Call(Expression.Convert(Expression, typeof(Command)), typeof(Command).GetMethod(method), arguments),
            BindingRestrictions.GetTypeRestriction(Expression, command.GetType()));
    }
}
