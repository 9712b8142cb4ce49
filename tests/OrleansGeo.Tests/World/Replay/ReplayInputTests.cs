using System.Text;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Replay;

namespace OrleansGeo.Tests.World.Replay;

public sealed class ReplayInputTests
{
    private static readonly FlightRecord[] Flights =
    [
        new("2001/01/01 00:47", 66, 1750, "DTW", "LAS"),
        new("2001/01/01 01:24", -5, 407, "LAS", "OAK"),
        new("2001/01/01 01:25", 7, 407, "OAK", "LAS"),
    ];

    [Fact]
    public void Totals_count_departures_at_the_origin_and_arrivals_with_their_delay_at_the_destination() => Assert.Equal(
        [new("DTW", 1, 0, 0), new("LAS", 1, 2, 73), new("OAK", 1, 1, -5)], ExpectedTotals.Of(Flights).Values);

    [Fact]
    public void Both_writes_of_a_flight_go_through_the_home_of_its_origin()
    {
        var plan = ReplayPlan.Create(Flights, new Dictionary<string, double> { ["OAK"] = -122, ["LAS"] = -115, ["DTW"] = -83 }, regions: 3);

        Assert.Equal(6, plan.WriteCount);
        Assert.Equal(["/v1/airports/OAK/departures", "/v1/airports/LAS/arrivals"], plan.Writes[0].Select(static write => write.Path));
        Assert.Equal(["/v1/airports/LAS/departures", "/v1/airports/OAK/arrivals"], plan.Writes[1].Select(static write => write.Path));
        Assert.Equal(["/v1/airports/DTW/departures", "/v1/airports/LAS/arrivals"], plan.Writes[2].Select(static write => write.Path));
    }

    [Fact]
    public void Keys_depend_on_the_flight_and_its_place_alone()
    {
        var (departure, arrival) = FlightWrite.Of(Flights[0], 0);

        Assert.Equal("flight-0-7704d953fc40173f-departure", departure.Key);
        Assert.Equal("flight-0-7704d953fc40173f-arrival", arrival.Key);
        Assert.NotEqual(departure.Key, FlightWrite.Of(Flights[0], 1).Departure.Key);
        Assert.NotEqual(departure.Key, FlightWrite.Of(Flights[0] with { Delay = 67 }, 0).Departure.Key);
        Assert.Equal(
            """{"date":"2001/01/01 00:47","delay":66,"distance":1750,"origin":"DTW","destination":"LAS"}""", Encoding.UTF8.GetString(departure.Body));
    }

    [Fact]
    public void Airports_may_have_commas_and_quotes_in_their_names()
    {
        var longitudes = AirportsFile.Parse(
            "iata,name,longitude\nDBN,\"W. H. \"\"Bud\"\" Barron\",-82.98525556\nHTW,\"Lawrence County Airpark,Inc\",-82.4943225\n", "x.csv");

        Assert.Equal(-82.98525556, longitudes["DBN"]);
        Assert.Equal(-82.4943225, longitudes["HTW"]);
    }

    [Theory]
    [InlineData("code,name\nA,B", "no columns")]
    [InlineData("iata,longitude\nDTW", "line 2")]
    [InlineData("iata,longitude\nDTW,west", "line 2")]
    [InlineData("iata,longitude\nDTW,1\nDTW,2", "line 3")]
    public void Says_where_an_airports_file_is_wrong(string text, string says) =>
        Assert.Contains(says, Assert.Throws<WorldException>(() => AirportsFile.Parse(text, "x.csv")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "not a list")]
    [InlineData("[]", "not a list")]
    [InlineData("[", "not JSON")]
    [InlineData("""[{"date":"2001/01/01 00:47"}]""", "flight 0: 'delay'")]
    public void Says_where_a_flights_file_is_wrong(string text, string says) =>
        Assert.Contains(says, Assert.Throws<WorldException>(() => FlightsFile.Parse(Encoding.UTF8.GetBytes(text), "x.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Says_where_to_get_a_missing_file()
    {
        var error = Assert.Throws<WorldException>(() => FlightsFile.Read("no-such-file.json"));

        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.Contains("package/data/flights-20k.json of what 'npm pack vega-datasets@3.2.1' downloads", error.Message, StringComparison.Ordinal);
    }
}
