using System.Globalization;
using Newtonsoft.Json;

namespace OrleansGeo.Runtime.States;

/// <summary>Writes a number with the digits that it has: Newtonsoft.Json makes 5 a 5.0, which shows.</summary>
internal sealed class DecimalConverter : JsonConverter<decimal>
{
    /// <summary>The reader's own way is exact.</summary>
    public override bool CanRead => false;

    public override void WriteJson(JsonWriter writer, decimal value, JsonSerializer serializer) => writer.WriteRawValue(value.ToString(CultureInfo.InvariantCulture));

    public override decimal ReadJson(JsonReader reader, Type objectType, decimal existingValue, bool hasExistingValue, JsonSerializer serializer) => throw new NotSupportedException();
}
