using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace OrleansGeo.Runtime.States;

/// <summary>
/// Which types a stored state may name: those of the grains' authors, plain values, and the framework's collections of these. Text that a user wrote may
/// look like the name of a type: it must not choose what is made.
/// </summary>
internal sealed class StateTypeBinder : ISerializationBinder
{
    private readonly DefaultSerializationBinder _names = new();

    public Type BindToType(string? assemblyName, string typeName) => Allowed(_names.BindToType(assemblyName, typeName));

    public void BindToName(Type serializedType, out string? assemblyName, out string? typeName) =>
        _names.BindToName(Allowed(StateTypes.IsCollectionExpression(serializedType) ? serializedType.GetGenericArguments()[0].MakeArrayType() : serializedType), out assemblyName, out typeName);

    private static Type Allowed(Type type) => IsAllowed(type)
        ? type
        : throw new JsonSerializationException($"A state holds no {type}: only values of one's own types, plain values and collections of them.");

    // A type that the compiler made has another name after the next build.
    private static bool IsAllowed(Type type) =>
        !type.Name.StartsWith('<')
        && (!StateTypes.IsFramework(type) || StateTypes.IsLeaf(type) || type.IsArray || type == typeof(object)
            || (type.Namespace is { } space && (space.StartsWith("System.Collections", StringComparison.Ordinal) || (space == "System" && type.IsGenericType))))
        && !StateTypes.IsBoundToProcess(type)
        && StateTypes.PartsOf(type).All(IsAllowed);
}
