using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;

namespace CrossHedgeLean.Conformance.Api;

/// <summary>
/// The public and protected surface of a type as lines of text. Compiler artefacts and nullability are left out;
/// what an overrider or a caller notices stands in it: names, types, defaults, static, abstract, virtual, accessors.
/// </summary>
public static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Whether a type is part of LEAN's namespaces and can be seen from outside.</summary>
    public static bool IsPublicLean(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return (type.Namespace == "QuantConnect" || type.Namespace?.StartsWith("QuantConnect.", StringComparison.Ordinal) == true) && IsVisible(type);
    }

    /// <summary>The name that a type has in the record; nested types with '+', generic ones with their number of parameters.</summary>
    public static string NameOf(Type type) => type.FullName ?? type.Name;

    /// <summary>The line of the type itself.</summary>
    public static string TypeLine(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var kind = type.IsEnum ? "enum:" + Text(Enum.GetUnderlyingType(type))
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsInterface ? "interface"
            : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        return $"{NameOf(type)} | type | {kind}{Constraints(type.GetGenericArguments())}";
    }

    /// <summary>LEAN types that a type is: base classes and interfaces, itself not.</summary>
    public static IEnumerable<string> Relatives(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        for (var parent = type.BaseType; parent != null; parent = parent.BaseType)
        {
            yield return $"{NameOf(type)} | is | {Text(parent)}";
        }

        foreach (var contract in type.GetInterfaces())
        {
            yield return $"{NameOf(type)} | is | {Text(contract)}";
        }
    }

    /// <summary>The lines of the members that a type declares, under the given name.</summary>
    /// <param name="type">Whose members.</param>
    /// <param name="owner">The type in whose name they are written: an heir names what it inherits.</param>
    public static IEnumerable<string> Members(Type type, Type owner)
    {
        ArgumentNullException.ThrowIfNull(type);
        var name = NameOf(owner);
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return type == owner ? [$"{name} | invoke | {Signature(type.GetMethod("Invoke")!)}"] : [];
        }

        var lines = new List<string>();
        foreach (var member in type.GetMembers(Declared).Where(x => !x.Name.Contains('<', StringComparison.Ordinal)))
        {
            var line = member switch
            {
                ConstructorInfo constructor when type == owner && Sees(constructor) && !constructor.IsStatic && !type.IsAbstract
                    => $"{Access(constructor)}({Parameters(constructor)})",
                ConstructorInfo constructor when type == owner && Sees(constructor) && !constructor.IsStatic
                    => $"protected({Parameters(constructor)})",
                MethodInfo method when Sees(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) => Signature(method),
                PropertyInfo property when Accessors(property).Length > 0 => Property(property),
                FieldInfo field when (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName => Field(field),
                EventInfo happening when happening.AddMethod is { } add && Sees(add) => $"{Access(add)}{Modifiers(add)} {Text(happening.EventHandlerType!)} {happening.Name}",
                _ => null,
            };
            if (line != null)
            {
                lines.Add($"{name} | {member.MemberType.ToString().ToLowerInvariant()} | {line}");
            }
        }

        return lines;
    }

    private static bool IsVisible(Type type) =>
        type.IsNested
            ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
            : type.IsPublic;

    private static bool Sees(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifiers(MethodBase method) =>
        (method.IsStatic ? " static" : string.Empty)
        + (method.IsAbstract ? " abstract" : method is { IsVirtual: true, IsFinal: false } ? " virtual" : string.Empty);

    private static string Signature(MethodInfo method) =>
        $"{Access(method)}{Modifiers(method)} {Text(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition
            ? "<" + string.Join(", ", method.GetGenericArguments().Select(x => x.Name)) + ">" + Constraints(method.GetGenericArguments())
            : string.Empty;

    private static string Constraints(Type[] arguments)
    {
        var text = new StringBuilder();
        foreach (var argument in arguments.Where(x => x.IsGenericParameter))
        {
            var parts = new List<string>();
            var attributes = argument.GenericParameterAttributes;
            if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            {
                parts.Add("class");
            }

            if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            {
                parts.Add("struct");
            }
            else if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            {
                parts.Add("new()");
            }

            parts.AddRange(argument.GetGenericParameterConstraints().Where(x => x != typeof(ValueType)).Select(Text).Order(StringComparer.Ordinal));
            if (parts.Count > 0)
            {
                text.Append(" where ").Append(argument.Name).Append(": ").AppendJoin(", ", parts);
            }
        }

        return text.ToString();
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var type = parameter.ParameterType;
        var text = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : string.Empty;
        if (type.IsByRef)
        {
            text = parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
            type = type.GetElementType()!;
        }

        if (parameter.Position == 0 && method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false))
        {
            text = "this " + text;
        }

        return text + Text(type) + " " + parameter.Name + (parameter.HasDefaultValue ? " = " + Constant(parameter.DefaultValue) : string.Empty);
    }));

    private static MethodInfo[] Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(Sees).ToArray();

    private static string Property(PropertyInfo property)
    {
        var accessors = Accessors(property);
        var index = property.GetIndexParameters().Length == 0
            ? string.Empty
            : "[" + string.Join(", ", property.GetIndexParameters().Select(x => Text(x.ParameterType) + " " + x.Name)) + "]";
        var text = string.Join(' ', accessors.Select(x => Access(x) + " " + (x == property.GetMethod ? "get" : "set") + ";"));
        return $"{Modifiers(accessors[0]).TrimStart()} {Text(property.PropertyType)} {property.Name}{index} {{ {text} }}".TrimStart();
    }

    private static string Field(FieldInfo field) =>
        (field.IsPublic ? "public" : "protected")
        + (field.IsLiteral ? " const" : (field.IsStatic ? " static" : string.Empty) + (field.IsInitOnly ? " readonly" : string.Empty))
        + $" {Text(field.FieldType)} {field.Name}"
        + (field.IsLiteral ? " = " + Constant(field.GetRawConstantValue()) : DecimalConstant(field));

    // A const decimal is a static readonly field with an attribute.
    private static string DecimalConstant(FieldInfo field) =>
        field.IsStatic && field.GetCustomAttribute<System.Runtime.CompilerServices.DecimalConstantAttribute>() is { } constant
            ? " = " + Constant(constant.Value)
            : string.Empty;

    private static string Constant(object? value) => value switch
    {
        null => "null",
        string text => "\"" + text + "\"",
        bool flag => flag ? "true" : "false",
        Enum number => Convert.ToInt64(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        decimal number => StateLines.Text(number),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private static string Text(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsArray)
        {
            return Text(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        }

        if (type.IsByRef)
        {
            return "ref " + Text(type.GetElementType()!);
        }

        var name = type.IsGenericType ? NameOf(type.GetGenericTypeDefinition()) : NameOf(type);
        return type.IsGenericType ? name + "<" + string.Join(", ", type.GetGenericArguments().Select(Text)) + ">" : name;
    }
}
