namespace NoisyNN.Samples.Serve;

/// <summary>What the server offers, in the form of OpenAPI 3.1.</summary>
static class OpenApi
{
    public const string Document = """
        {
          "openapi": "3.1.0",
          "info": { "title": "NoisyNN image classifier", "version": "1" },
          "security": [{}, { "bearer": [] }, { "key": [] }],
          "paths": {
            "/score": {
              "post": {
                "summary": "Scores one image, or several files of a form",
                "requestBody": {
                  "required": true,
                  "content": {
                    "image/*": {},
                    "application/octet-stream": {},
                    "multipart/form-data": {
                      "schema": {
                        "type": "object",
                        "additionalProperties": { "type": "string", "contentMediaType": "application/octet-stream" }
                      }
                    },
                    "application/json": {
                      "schema": {
                        "type": "object",
                        "properties": { "image": { "type": "string", "contentEncoding": "base64" } },
                        "required": ["image"]
                      }
                    }
                  }
                },
                "responses": {
                  "200": {
                    "description": "A prediction for each image, in their order",
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } }
                  },
                  "400": { "$ref": "#/components/responses/Problem" },
                  "401": { "$ref": "#/components/responses/Problem" },
                  "408": { "$ref": "#/components/responses/Problem" },
                  "413": { "$ref": "#/components/responses/Problem" },
                  "415": { "$ref": "#/components/responses/Problem" },
                  "422": { "$ref": "#/components/responses/Problem" },
                  "503": { "$ref": "#/components/responses/Problem" },
                  "504": { "$ref": "#/components/responses/Problem" }
                }
              }
            },
            "/model/reload": {
              "post": {
                "summary": "Takes the model file's present content into service; needs a server with a key",
                "responses": {
                  "200": {
                    "description": "The model that scores now",
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Model" } } }
                  },
                  "401": { "$ref": "#/components/responses/Problem" },
                  "403": { "$ref": "#/components/responses/Problem" },
                  "422": { "$ref": "#/components/responses/Problem" }
                }
              }
            },
            "/health/live": {
              "get": {
                "summary": "Whether the process works",
                "security": [],
                "responses": { "200": { "$ref": "#/components/responses/Health" } }
              }
            },
            "/health/ready": {
              "get": {
                "summary": "Whether the server should get requests",
                "security": [],
                "responses": {
                  "200": { "$ref": "#/components/responses/Health" },
                  "503": { "$ref": "#/components/responses/Health" }
                }
              }
            },
            "/health": {
              "get": {
                "summary": "The same as /health/ready",
                "security": [],
                "responses": {
                  "200": { "$ref": "#/components/responses/Health" },
                  "503": { "$ref": "#/components/responses/Health" }
                }
              }
            },
            "/metrics": {
              "get": {
                "summary": "Figures for Prometheus",
                "security": [],
                "responses": { "200": { "description": "Text format 0.0.4", "content": { "text/plain": {} } } }
              }
            },
            "/openapi.json": {
              "get": {
                "summary": "This document",
                "security": [],
                "responses": { "200": { "description": "OpenAPI 3.1", "content": { "application/json": {} } } }
              }
            }
          },
          "components": {
            "securitySchemes": {
              "bearer": { "type": "http", "scheme": "bearer" },
              "key": { "type": "apiKey", "in": "header", "name": "X-API-Key" }
            },
            "responses": {
              "Health": {
                "description": "The state, and the reason if it is not ready",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Health" } } }
              },
              "Problem": {
                "description": "Refused; 'detail' says why",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
              }
            },
            "schemas": {
              "Model": {
                "type": "object",
                "properties": { "name": { "type": "string" }, "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" } },
                "required": ["name", "sha256"]
              },
              "ClassProbability": {
                "type": "object",
                "properties": { "label": { "type": "string" }, "probability": { "type": "number", "minimum": 0, "maximum": 1 } },
                "required": ["label"]
              },
              "Prediction": {
                "type": "object",
                "properties": {
                  "file": { "type": "string" },
                  "label": { "type": "string" },
                  "probability": { "type": "number", "minimum": 0, "maximum": 1 },
                  "probabilities": { "type": "array", "items": { "$ref": "#/components/schemas/ClassProbability" } }
                },
                "required": ["probabilities"]
              },
              "Answer": {
                "type": "object",
                "properties": {
                  "model": { "$ref": "#/components/schemas/Model" },
                  "predictions": { "type": "array", "items": { "$ref": "#/components/schemas/Prediction" } }
                },
                "required": ["model", "predictions"]
              },
              "Health": {
                "type": "object",
                "properties": {
                  "status": { "enum": ["ok", "not ready"] },
                  "reason": { "type": "string" },
                  "warning": { "type": "string" },
                  "model": { "$ref": "#/components/schemas/Model" },
                  "setting": { "type": "string" }
                },
                "required": ["status"]
              },
              "Problem": {
                "type": "object",
                "properties": { "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" } },
                "required": ["status"]
              }
            }
          }
        }
        """;
}
