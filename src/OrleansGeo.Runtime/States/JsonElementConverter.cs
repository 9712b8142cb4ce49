using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrleansGeo.Runtime.States;

/// <summary>Keeps a <see cref="JsonElement"/> as its text: by its properties it would lose all but its kind.</summary>
internal sealed class JsonElementConverter : JsonConverter<JsonElement>
{
    public override void WriteJson(JsonWriter writer, JsonElement value, Newtonsoft.Json.JsonSerializer serializer) =>
        writer.WriteValue(value.ValueKind == JsonValueKind.Undefined ? null : value.GetRawText());

    public override JsonElement ReadJson(JsonReader reader, Type objectType, JsonElement existingValue, bool hasExistingValue, Newtonsoft.Json.JsonSerializer serializer) =>
        JToken.Load(reader) is { Type: JTokenType.String } text ? JsonElement.Parse(text.Value<string>()!) : default;
}
