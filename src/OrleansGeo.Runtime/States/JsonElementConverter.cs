using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrleansGeo.Runtime.States;

/// <summary>Keeps a <see cref="JsonElement"/> as its text: by its properties it would lose all but its kind.</summary>
internal sealed class JsonElementConverter : JsonConverter
{
    public override bool CanConvert(Type objectType) => objectType == typeof(JsonElement) || objectType == typeof(JsonElement?);

    public override void WriteJson(JsonWriter writer, object? value, Newtonsoft.Json.JsonSerializer serializer) =>
        writer.WriteValue(value is JsonElement { ValueKind: not JsonValueKind.Undefined } json ? json.GetRawText() : null);

    public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, Newtonsoft.Json.JsonSerializer serializer) =>
        JToken.Load(reader) is { Type: JTokenType.String } text ? JsonElement.Parse(text.Value<string>()!)
        : objectType == typeof(JsonElement) ? default(JsonElement)
        : null;
}
