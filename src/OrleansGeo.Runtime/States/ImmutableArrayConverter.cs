using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Newtonsoft.Json;

namespace OrleansGeo.Runtime.States;

/// <summary>A member of type <see cref="ImmutableArray{T}"/>. One that was never set cannot be enumerated, and is not an empty one: it is null.</summary>
internal sealed class ImmutableArrayConverter<T> : JsonConverter
{
    public override bool CanConvert(Type objectType) => objectType == typeof(ImmutableArray<T>);

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) =>
        serializer.Serialize(writer, value is ImmutableArray<T> array ? ImmutableCollectionsMarshal.AsArray(array) : null, typeof(T[]));

    public override object ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) =>
        ImmutableCollectionsMarshal.AsImmutableArray(serializer.Deserialize<T[]>(reader));
}
