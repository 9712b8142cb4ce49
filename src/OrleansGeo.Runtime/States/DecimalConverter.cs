using System.Globalization;
using Newtonsoft.Json;

namespace OrleansGeo.Runtime.States;

/// <summary>Writes a number as text, with the digits that it has: Newtonsoft.Json makes 5 a 5.0 when it writes and 12.50 a 12.5 when it reads, which shows.</summary>
internal sealed class DecimalConverter : JsonConverter
{
    /// <summary>The reader takes text for a number, and all of its digits.</summary>
    public override bool CanRead => false;

    public override bool CanConvert(Type objectType) => objectType == typeof(decimal) || objectType == typeof(decimal?);

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) => writer.WriteValue(((decimal?)value)?.ToString(CultureInfo.InvariantCulture));

    public override object ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) => throw new NotSupportedException();
}
