using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Api;
using OrleansGeo.World.Airports;

namespace OrleansGeo.Tests.World.Airports;

public sealed class AirportEndpointsTests : IAsyncLifetime
{
    private const string Flight = """{"date":"2001/01/01 00:47","delay":66,"distance":1750,"origin":"DTW","destination":"LAS"}""";

    private LoopbackApp _app = null!;

    public async Task InitializeAsync()
    {
        var grains = AirportGrains.Create(out _);
        _app = await LoopbackApp.StartAsync(services => services.AddGeoApi().AddSingleton(grains), static app => app.MapAirports());
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Records_departures_and_arrivals()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/airports/DTW/departures", Flight)).StatusCode);
        using var arrived = await PostAsync("/v1/airports/LAS/arrivals", Flight);

        Assert.Equal("""{"iata":"LAS","departures":0,"arrivals":1,"delayMinutes":66}""", await arrived.Content.ReadAsStringAsync());
        Assert.Equal("""{"iata":"DTW","departures":1,"arrivals":0,"delayMinutes":0}""", await _app.Http.GetStringAsync("/v1/airports/DTW"));
    }

    [Theory]
    [InlineData("/v1/airports/LAS/departures", Flight, 400, "InvalidDocument", "/v1/airports/DTW")]
    [InlineData("/v1/airports/DTW/arrivals", Flight, 400, "InvalidDocument", "/v1/airports/LAS")]
    [InlineData("/v1/airports/dtw/departures", Flight, 400, "InvalidKey", "airport code")]
    [InlineData("/v1/airports/DTW/departures", "{}", 400, "InvalidDocument", "'date'")]
    [InlineData("/v1/airports/DTW/departures", "", 400, "InvalidDocument", "JSON")]
    [InlineData("/v1/airports/DTW/departures", "[1]", 400, "InvalidDocument", "JSON object")]
    public async Task Refuses_what_is_no_flight_of_the_airport(string path, string body, int status, string code, string says)
    {
        using var response = await PostAsync(path, body);

        await AssertProblemAsync(response, status, code, says);
    }

    [Fact]
    public async Task Refuses_a_body_that_is_too_large()
    {
        using var response = await PostAsync("/v1/airports/DTW/departures", new string(' ', 513 * 1024) + Flight);

        await AssertProblemAsync(response, 413, "TooLarge", "524288");
    }

    [Fact]
    public async Task Does_not_know_an_airport_that_was_never_written()
    {
        using var response = await _app.Http.GetAsync("/v1/airports/SEA");

        await AssertProblemAsync(response, 404, "NotFound", "'SEA'");
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, int status, string code, string says)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _app.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
}
