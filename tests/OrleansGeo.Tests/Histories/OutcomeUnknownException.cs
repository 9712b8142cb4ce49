namespace OrleansGeo.Tests.Histories;

/// <summary>A client lost sight of its call: it may take effect at any later time, or not at all.</summary>
internal sealed class OutcomeUnknownException(string message, Exception? innerException = null) : Exception(message, innerException);
