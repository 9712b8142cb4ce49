using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Routing;

/// <summary>What a writing call is known by, in every attempt.</summary>
/// <param name="Request">Its request id.</param>
/// <param name="Fingerprint">Hash of target, method and arguments, when the caller chose the id and may have used it for something else; otherwise 0.</param>
internal readonly record struct CallId(RequestId Request, ulong Fingerprint);
