using System.Reflection;
using Orleans.Serialization.Codecs;

namespace OrleansGeo.Runtime.States;

/// <summary>What Orleans' code generator made of a type.</summary>
internal static class CodecTypes
{
    public static bool IsGenerated(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    /// <summary>The types that a codec writes.</summary>
    public static IEnumerable<Type> ValuesOf(Type codec) =>
        codec.GetInterfaces()
            .Where(static face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IFieldCodec<>))
            .Select(static face => face.GetGenericArguments()[0])
            .Select(static type => type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    /// <summary>The fields that one class declares and its generated codec leaves out, though its author did not say so; null: the class's own properties may hold them.</summary>
    public static IEnumerable<StateField>? LeftOutBy(Type type)
    {
        var fields = StateField.DeclaredIn(type).Where(static field => !field.IsDropped).ToList();
        var hasIds = Members(type).Any(HasId);
        var parameters = ParametersOf(type);
        if (!hasIds && type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false)!.GenerateFieldIds != GenerateFieldIds.PublicProperties
            && fields.Exists(field => field.Property is { GetMethod.IsPublic: true } property && !parameters.Contains(property.Name)))
        {
            // Whether its project numbers properties cannot be seen from here. Each write reads back, and tells.
            return null;
        }

        var left = fields.Where(field => !HasId(field.Field) && !HasId(field.Member)
            && !(field.Property is { } property && (parameters.Contains(property.Name) || (!hasIds && property.GetMethod is { IsPublic: true })))).ToList();
        return left.Any(static field => field.Property is null && !field.Field.IsPublic) && HasWrittenProperty(type, fields)
            ? null
            : left;
    }

    private static IEnumerable<MemberInfo> Members(Type type) =>
        type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(static member => member is FieldInfo or PropertyInfo);

    private static bool HasId(MemberInfo member) => member.IsDefined(typeof(IdAttribute), inherit: false);

    /// <summary>A property with an [Id] that has no field of its own, and so may stand for another.</summary>
    private static bool HasWrittenProperty(Type type, List<StateField> fields) =>
        Members(type).OfType<PropertyInfo>().Any(property => HasId(property) && fields.All(field => field.Property?.Name != property.Name));

    /// <summary>The parameters of a record, which are numbered by their place.</summary>
    private static HashSet<string> ParametersOf(Type type)
    {
        var includes = type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false)!.IncludePrimaryConstructorParameters;
        return includes || IsRecord(type)
            ? [.. type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SelectMany(static made => made.GetParameters()).Select(static parameter => parameter.Name!)]
            : [];
    }

    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, [typeof(System.Text.StringBuilder)]) is not null;
}
