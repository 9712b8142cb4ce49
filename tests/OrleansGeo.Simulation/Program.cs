using System.Diagnostics;
using System.Globalization;
using OrleansGeo.Simulation;

var seeds = 10_000UL;
var first = 1UL;
ulong? only = null;
var fault = SimFault.None;
var trace = false;
Func<SimConfig, SimConfig>? adjust = null;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seeds":
            seeds = ulong.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--first":
            first = ulong.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--seed":
            only = ulong.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        case "--fault":
            fault = Enum.Parse<SimFault>(args[++i]);
            break;
        case "--single":
            adjust = static config => config with { DuplicateActivations = false };
            break;
        case "--harsh":
            var harshness = Enum.Parse<SimHarshness>(args[++i]);
            adjust = config => harshness.Apply(config);
            break;
        case "--trace":
            trace = true;
            break;
        default:
            Console.Error.WriteLine($"Unknown option '{args[i]}'. Options: --seeds N, --first N, --seed N, --fault {string.Join('|', Enum.GetNames<SimFault>())}, --single (no duplicate activations), --harsh {string.Join('|', Enum.GetNames<SimHarshness>())}, --trace.");
            return 2;
    }
}

if (only is { } seed)
{
    var failure = Simulator.Run(seed, fault, trace ? Console.WriteLine : null, adjust);
    Console.WriteLine(failure ?? $"Seed {seed} holds.");
    return failure is null ? 0 : 1;
}

var failures = 0;
var started = Stopwatch.GetTimestamp();
Parallel.For((long)first, (long)(first + seeds), next =>
{
    if (Simulator.Run((ulong)next, fault, adjust: adjust) is { } failure && Interlocked.Increment(ref failures) <= 20)
    {
        Console.WriteLine(failure);
    }
});
Console.WriteLine($"{seeds} seeds, {failures} failures, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
return failures == 0 ? 0 : 1;
