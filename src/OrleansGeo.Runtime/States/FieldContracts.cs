using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace OrleansGeo.Runtime.States;

/// <summary>
/// A class of a grain's author is kept by its fields, under the names of their properties: private setters, get-only members and what only a constructor
/// sets are part of it as anything else. A type that says by attributes how it is written is written so; the framework's own as Newtonsoft.Json does.
/// </summary>
internal sealed class FieldContracts : DefaultContractResolver
{
    private static readonly Type[] OwnWays =
    [
        typeof(JsonContainerAttribute), typeof(JsonConverterAttribute), typeof(DataContractAttribute), typeof(CollectionDataContractAttribute),
        typeof(System.ComponentModel.TypeConverterAttribute),
    ];

    public static bool IsByFields(Type type) =>
        !StateTypes.IsFramework(type) && !type.IsInterface && !type.IsEnum && !type.IsArray
        && !typeof(Delegate).IsAssignableFrom(type) && !typeof(IAddressable).IsAssignableFrom(type) && !typeof(ISerializable).IsAssignableFrom(type)
        && !StateTypes.IsCollection(type) && !StateTypes.IsCollectionExpression(type) && !OwnWays.Any(way => type.IsDefined(way, inherit: false));

    /// <summary>Under which a field is written.</summary>
    public static string NameOf(StateField field) => field.Member.GetCustomAttribute<JsonPropertyAttribute>()?.PropertyName ?? field.Name;

    protected override JsonContract CreateContract(Type objectType) =>
        IsByFields(objectType) ? CreateObjectContract(objectType) : base.CreateContract(objectType);

    protected override JsonObjectContract CreateObjectContract(Type objectType)
    {
        var contract = base.CreateObjectContract(objectType);
        if (IsByFields(objectType))
        {
            contract.OverrideCreator = null;
            contract.CreatorParameters.Clear();
            contract.DefaultCreatorNonPublic = false;
            contract.DefaultCreator = objectType.IsAbstract ? null : StateObjects.CreatorOf(objectType);
        }

        return contract;
    }

    protected override IList<JsonProperty> CreateProperties(Type type, MemberSerialization memberSerialization)
    {
        if (!IsByFields(type))
        {
            return base.CreateProperties(type, memberSerialization);
        }

        var properties = new JsonPropertyCollection(type);
        foreach (var field in StateField.Of(type).Where(static field => !field.IsDropped && !field.IsEvent && !StateTypes.IsBoundToProcess(field.Field.FieldType)))
        {
            properties.Add(Property(field, isTaken: properties.Contains(NameOf(field))));
        }

        return properties;
    }

    private static JsonProperty Property(StateField field, bool isTaken) => new()
    {
        // A private field of a base class may have the name of one of the class.
        PropertyName = isTaken ? $"{field.Field.DeclaringType!.Name}.{NameOf(field)}" : NameOf(field),
        UnderlyingName = field.Name,
        DeclaringType = field.Field.DeclaringType,
        PropertyType = field.Field.FieldType,
        ValueProvider = new FieldValue(field.Field),
        AttributeProvider = new ReflectionAttributeProvider(field.Member),
        Converter = ConverterOf(field.Member) ?? ConverterOf(field.Field.FieldType),
        ObjectCreationHandling = ObjectCreationHandling.Replace,
        Readable = true,
        Writable = true,
    };

    private static JsonConverter? ConverterOf(MemberInfo member) =>
        member.GetCustomAttribute<JsonConverterAttribute>() is { } attribute
            ? (JsonConverter)Activator.CreateInstance(attribute.ConverterType, attribute.ConverterParameters)!
            : null;

    private static JsonConverter? ConverterOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? (JsonConverter)Activator.CreateInstance(typeof(ImmutableArrayConverter<>).MakeGenericType(type.GetGenericArguments()))!
            : null;
}
