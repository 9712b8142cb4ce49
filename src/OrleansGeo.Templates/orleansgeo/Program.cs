using OrleansGeo;
using ShopNamespace;

var region = args[0];
var number = Array.IndexOf(["westeurope", "eastus2", "southeastasia"], region);
var builder = WebApplication.CreateBuilder();
builder.Logging.AddFilter("Orleans.", LogLevel.Critical).AddFilter("Polly", LogLevel.Critical);     // not those of OrleansGeo
builder.WebHost.UseUrls($"http://localhost:{5001 + number}");
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(siloPort: 11111 + number, gatewayPort: 30000 + number)
    .AddOrleansGeo(region, geo => geo                                // one list for every process: each region, and where its silos' gateways are
        .Peer("westeurope", "127.0.0.1:30000").Peer("eastus2", "127.0.0.1:30001").Peer("southeastasia", "127.0.0.1:30002")
        .UseSqlite($"{region}.db")));                                // in the current folder
var app = builder.Build();
app.MapPost("/carts/{id}/{sku}", async (string id, string sku, IGrainFactory grains) =>
{
    using var session = GeoSession.Begin();                          // what the calls ask for, and what comes back with their answers
    return $"{id}: {await grains.GetGrain<ICart>(id).Add(sku, 1)} x {sku}, written in {session.Last?.Home}\n";
});
app.MapGet("/carts/{id}/{sku}", async (string id, string sku, IGrainFactory grains) =>
{
    using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Local });
    return $"{id}: {await grains.GetGrain<ICart>(id).Count(sku)} x {sku}, read in {session.Last?.ServedBy}, at most {session.Last?.Staleness?.TotalMilliseconds ?? double.PositiveInfinity:0} ms old\n";
});
app.Run();
