using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;

namespace OrleansGeo.Runtime.States;

/// <summary>A field that holds a part of an object: what a copy must have, too.</summary>
/// <param name="Field">Where it is.</param>
/// <param name="Property">The property whose compiler-made field it is, or null.</param>
internal sealed record StateField(FieldInfo Field, PropertyInfo? Property)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>As its author wrote it.</summary>
    public string Name => Property?.Name ?? Field.Name;

    /// <summary>What carries its attributes.</summary>
    public MemberInfo Member => (MemberInfo?)Property ?? Field;

    /// <summary>The author says that a copy need not have it.</summary>
    public bool IsDropped { get; } = Field.IsDefined(typeof(NonSerializedAttribute))
        || ((MemberInfo?)Property ?? Field) is var member
        && (member.IsDefined(typeof(IgnoreDataMemberAttribute))
            || member.IsDefined(typeof(Newtonsoft.Json.JsonIgnoreAttribute))
            || member.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is { Condition: System.Text.Json.Serialization.JsonIgnoreCondition.Always });

    /// <summary>An event's listeners, which no copy has.</summary>
    public bool IsEvent { get; } = typeof(Delegate).IsAssignableFrom(Field.FieldType) && Field.DeclaringType!.GetEvent(Field.Name, Declared) is not null;

    /// <summary>The fields of an object, base classes' first.</summary>
    public static IEnumerable<StateField> Of(Type type) =>
        (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? Of(parent) : []).Concat(DeclaredIn(type));

    /// <summary>Those that one class adds to its base class's.</summary>
    public static IEnumerable<StateField> DeclaredIn(Type type) =>
        type.GetFields(Declared).OrderBy(static field => field.MetadataToken).Select(field => new StateField(field, PropertyOf(type, field)));

    private static PropertyInfo? PropertyOf(Type type, FieldInfo field) =>
        field.Name.StartsWith('<') && field.IsDefined(typeof(CompilerGeneratedAttribute)) && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end
            ? type.GetProperty(field.Name[1..end], Declared)
            : null;
}
