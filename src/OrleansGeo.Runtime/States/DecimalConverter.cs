using System.Globalization;
using Newtonsoft.Json;

namespace OrleansGeo.Runtime.States;

/// <summary>Writes a number as text, with the digits that it has: Newtonsoft.Json makes 5 a 5.0 when it writes and 12.50 a 12.5 when it reads, which shows.</summary>
internal sealed class DecimalConverter : JsonConverter<decimal>
{
    /// <summary>The reader takes text for a number, and all of its digits.</summary>
    public override bool CanRead => false;

    public override void WriteJson(JsonWriter writer, decimal value, JsonSerializer serializer) => writer.WriteValue(value.ToString(CultureInfo.InvariantCulture));

    public override decimal ReadJson(JsonReader reader, Type objectType, decimal existingValue, bool hasExistingValue, JsonSerializer serializer) => throw new NotSupportedException();
}
