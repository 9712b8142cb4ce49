using System.Net;
using System.Text;
using OrleansGeo.World.Wan;

namespace OrleansGeo.Tests.World.Wan;

public sealed class WanEndpointsTests : IAsyncLifetime
{
    private readonly Rules _rules = new();
    private LoopbackApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await LoopbackApp.StartAsync(static _ => { }, app => app.MapWan("westeurope", _rules));
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Changes_what_is_given_and_keeps_the_rest()
    {
        using var cut = await PostAsync("""{"to":"eastus2","cut":true}""");
        using var slower = await PostAsync("""{"to":"eastus2","oneWayMs":120.5}""");

        Assert.Equal("""{"to":"eastus2","oneWayMs":120.5,"loss":0.25,"cut":true}""", await slower.Content.ReadAsStringAsync());
        Assert.Equal(
            """[{"to":"eastus2","oneWayMs":120.5,"loss":0.25,"cut":true},{"to":"southeastasia","oneWayMs":91,"loss":0,"cut":false}]""",
            await _app.Http.GetStringAsync("/dev/wan"));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"cut":true}""", "'to' must name")]
    [InlineData("""{"to":7}""", "'to' must name")]
    [InlineData("""{"to":"mars"}""", "no region 'mars': use eastus2 or southeastasia")]
    [InlineData("""{"to":"westeurope"}""", "itself")]
    [InlineData("""{"to":"eastus2","oneWayMs":-1}""", "'oneWayMs'")]
    [InlineData("""{"to":"eastus2","oneWayMs":60001}""", "'oneWayMs'")]
    [InlineData("""{"to":"eastus2","oneWayMs":"40"}""", "'oneWayMs'")]
    [InlineData("""{"to":"eastus2","loss":1.1}""", "'loss'")]
    [InlineData("""{"to":"eastus2","cut":1}""", "'cut'")]
    [InlineData("""{"to":"eastus2","jitter":1}""", "no field 'jitter'")]
    public async Task Refuses_what_makes_no_sense_and_changes_nothing(string body, string says)
    {
        var before = _rules.Get();

        using var response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(says, System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, _rules.Get());
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _app.Http.PostAsync("/dev/wan", new StringContent(body, Encoding.UTF8, "application/json"));

    private sealed class Rules : IWanRules
    {
        private readonly SortedDictionary<string, WanRuleView> _rules = new()
        {
            ["eastus2"] = new("eastus2", 47, 0.25, false),
            ["southeastasia"] = new("southeastasia", 91, 0, false),
        };

        public IReadOnlyList<WanRuleView> Get() => [.. _rules.Values];

        public void Set(WanRuleView rule) => _rules[rule.To] = rule;
    }
}
