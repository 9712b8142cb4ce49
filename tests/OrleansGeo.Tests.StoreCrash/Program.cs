using System.Globalization;
using Microsoft.Extensions.Hosting;
using OrleansGeo.Storage.Sqlite;
using OrleansGeo.Tests.StoreCrash;

if (args is ["silo", var connectionString, var cluster, var siloPort, var gatewayPort])
{
    using var silo = MembershipSilo.Build(connectionString, cluster, int.Parse(siloPort, CultureInfo.InvariantCulture), int.Parse(gatewayPort, CultureInfo.InvariantCulture));
    await silo.StartAsync();
    Console.WriteLine("active");
    Console.In.ReadToEnd();
    return;
}

// Writes to the SQLite store named by the first argument until it is killed. With a second argument it opens the store and holds it.
await using var store = new SqliteRegionStore(new() { Path = args[0], WalBytes = 1 << 20 });
await store.OpenAsync(CrashLoad.World);
var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
output.WriteLine("open");
if (args.Length > 1)
{
    Console.In.ReadToEnd();
    return;
}

await Task.WhenAll(
[
    .. Enumerable.Range(0, CrashLoad.Shards).Select(index => Task.Run(() => CrashLoad.WriteAsync(store, CrashLoad.Shard(index), output))),
    .. Enumerable.Range(0, CrashLoad.Registers).Select(index => Task.Run(() => CrashLoad.ProposeAsync(store, CrashLoad.Register(index), output))),
]);
