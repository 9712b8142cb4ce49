using System.Collections.Concurrent;
using System.Reflection;
using OrleansGeo.World.Airports;

namespace OrleansGeo.Tests.World.Airports;

/// <summary>Airports in memory, behind the grain factory that the endpoints ask: only what is around the grain is under test here.</summary>
public class AirportGrains : DispatchProxy
{
    private readonly ConcurrentDictionary<string, InMemoryAirport> _airports = new();

    public static IGrainFactory Create(out AirportGrains airports)
    {
        var factory = Create<IGrainFactory, AirportGrains>();
        airports = (AirportGrains)(object)factory;
        return factory;
    }

    internal IAirport Of(string iata) => _airports.GetOrAdd(iata, static iata => new InMemoryAirport(iata));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod is { Name: nameof(IGrainFactory.GetGrain), IsGenericMethod: true } && targetMethod.ReturnType == typeof(IAirport)
            ? Of((string)args![0]!)
            : throw new NotSupportedException($"{targetMethod}");

    private sealed class InMemoryAirport(string iata) : IAirport
    {
        private readonly Lock _gate = new();
        private AirportTotals? _totals;

        public ValueTask<AirportTotals> RecordDeparture(FlightRecord flight) => Add(1, 0, 0);

        public ValueTask<AirportTotals> RecordArrival(FlightRecord flight) => Add(0, 1, flight.Delay);

        public ValueTask<AirportTotals?> View() => new(_totals);

        private ValueTask<AirportTotals> Add(int departures, int arrivals, int delay)
        {
            lock (_gate)
            {
                var totals = _totals ?? new(iata, 0, 0, 0);
                _totals = totals = new(iata, totals.Departures + departures, totals.Arrivals + arrivals, totals.DelayMinutes + delay);
                return new(totals);
            }
        }
    }
}
