using Microsoft.Extensions.Logging;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.Links;

/// <summary>What every link of this process shares.</summary>
/// <param name="ServiceId">The Orleans service that all regions share.</param>
/// <param name="Options">How the links watch their peers.</param>
/// <param name="Time">Measures round trips and times everything out.</param>
/// <param name="Loggers">The process's own logs.</param>
/// <param name="Names">Looks up the host names of gateways.</param>
/// <param name="Loops">Makes the loops that keep gateways connected.</param>
/// <param name="Shaper">Shapes outgoing bytes; null outside development and tests.</param>
internal sealed record LinkContext(string ServiceId, RegionLinkOptions Options, TimeProvider Time, ILoggerFactory Loggers, IHostNames Names, BackgroundLoops Loops, ILinkShaper? Shaper);
