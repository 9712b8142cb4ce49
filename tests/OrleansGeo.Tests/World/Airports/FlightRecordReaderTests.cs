using System.Text;
using OrleansGeo.World.Airports;

namespace OrleansGeo.Tests.World.Airports;

public sealed class FlightRecordReaderTests
{
    [Fact]
    public void Reads_a_flight()
    {
        var (flight, error) = Read("""{"date":"2001/01/01 00:47","delay":-66,"distance":1750,"origin":"DTW","destination":"LAS"}""");

        Assert.Null(error);
        Assert.Equal(new FlightRecord("2001/01/01 00:47", -66, 1750, "DTW", "LAS"), flight);
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("{}", "'date' must be a text")]
    [InlineData("""{"date":"tomorrow","delay":1,"distance":1,"origin":"DTW","destination":"LAS"}""", "\"tomorrow\"")]
    [InlineData("""{"date":"2001/13/01 00:47","delay":1,"distance":1,"origin":"DTW","destination":"LAS"}""", "2001/13/01")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":"1","distance":1,"origin":"DTW","destination":"LAS"}""", "'delay'")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":1.5,"distance":1,"origin":"DTW","destination":"LAS"}""", "'delay'")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":99999999999,"distance":1,"origin":"DTW","destination":"LAS"}""", "'delay'")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":1,"distance":-1,"origin":"DTW","destination":"LAS"}""", "'distance'")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":1,"distance":1,"origin":"dtw","destination":"LAS"}""", "'origin' is \"dtw\"")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":1,"distance":1,"origin":"DTW","destination":"A/B"}""", "'destination' is \"A/B\"")]
    [InlineData("""{"date":"2001/01/01 00:47","delay":1,"distance":1,"origin":"DTW","destination":null}""", "'destination'")]
    public void Says_what_is_wrong(string json, string expected)
    {
        var (flight, error) = Read(json);

        Assert.Null(flight);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static (FlightRecord? Flight, string? Error) Read(string json) => FlightRecordReader.Read(Encoding.UTF8.GetBytes(json));
}
